"""Passwords that people choose and others try first. In lower case; put together for this shop."""

COMMON = frozenset(
    """
000000 00000000 0123456789 0987654321 101010 10101010 102030 10203040 111111 11111111 112233 11223344 1122334455
121212 12121212 123123 123123123 123321 12341234 123412345 12344321 1234554321 123456 1234567 12345678 123456789
1234567890 123456789a 12345678a 1234567a 123456a 1234qwer 123654 123abc 123abc123 123qwe 123qwe123 123qweasd
12qwaszx 131313 13131313 147258 147258369 147852 147852369 159357 159753 159753456 192837 192837465 1q2w3e 1q2w3e4r
1q2w3e4r5t 1qaz2wsx 1qazxsw2 20202020 222222 22222222 333333 33333333 444444 555555 55555555 654321 666666 66666666
741852 741852963 7654321 777777 77777777 789456 789456123 87654321 888888 88888888 963852741 987654321 999999
99999999 a123456 a1234567 a12345678 a123456789 a1b2c3d4 a1s2d3f4 aa123456 abc12345 abc123456 abcd1234 abcdefg
abcdefgh abcdefghi access access14 admin admin1 admin12 admin123 admin123! admin1234 administrator always amanda
amazon amazon1 amen america america1 amsterdam andrew andrew1 android angel angel123 angels anthony anything apple
apple123 apples april arsenal arsenal1 asdf1234 asdfasdf asdfghjk asdfghjkl asdfqwer ashley ashley1 august australia
autumn autumn1 autumn123 azerty azertyuiop baby1234 babyboy babygirl babygirl1 bailey bambi banana bananas barcelona
baseball baseball1 basketball batman batman1 beatles beautiful berlin bestfriend bible blessed blink182 blizzard
boss boston brasil brother bubbles bubbles1 buddy buddy123 budweiser bugsbunny business buster butterfly butterfly1
california canada casino celtic champion change_me changeme changeme1 changeme123 charlie charlie1 charlie123
checkout cheese cheese1 chelsea chelsea1 chemistry cherry chicago chicken chicken1 chocolate chocolate1 christ
church coffee coffee1 college company computer computer1 cookie cookie1 corvette counter cowboys cricket crystal
customer cutie daddy dallas dancer dancing daniel daniel1 darling database david david123 december default demo
demo1234 denver deutsch diamond diamond1 doggie doggy dollar dolphins donald doom dragon dragon1 dragon12 dragon123
eagle eagles eminem emma1234 england english espana espanol everything facebook facebook1 faith falcon family
family1 family123 father february ferrari florida flower flowers fluffy football football1 forever forever1
forever21 fortnite francais france1 freedom freedom1 friday friday13 friends friends1 gamer gamer123 gaming gandalf
garfield germany ginger gold1234 golf golfer goodbye goodluck goofy google google1 google123 gorgeous grace grandma
guest guest123 guinness guitar guitar1 hacker hacker1 halflife hamburger handsome hannah hannah1 harley heaven
heineken hello hello1 hello12 hello123 hello1234 hellohello hellokitty helloworld hero history hockey hockey1 honda
honey hope1234 hottie hulk hunter hunter1 hunter2 iloveyou iloveyou1 iloveyou12 iloveyou123 iloveyou2 india123
instagram internet iphone ironman jackpot january jennifer jessica jessica1 jesus jesus1 jesuschrist joker jordan
jordan1 jordan23 joshua joshua1 july june juventus kawasaki killer killer1 king12345 kitty kitty123 knight lakers
legend leopard letmein letmein1 letmein123 liberty linux linux123 lion lions liverpool liverpool1 login login123
logon london london1 love1234 lovelove lovely lovely1 loveme loveyou lucky lucky1 lucky7 luckyone madrid maggie
mama1234 manager manchester manutd march mario master master1 master12 master123 matrix matthew matthew1 may1234
maybe mercedes merlin metallica mexico michael michael1 michelle mickey mickeymouse microsoft millionaire minecraft
minecraft1 minnie mommy mommy1 monday money money1 money123 monkey monkey1 monkey12 monkey123 moonlight mother
mother1 motorola music music123 mustang mustang1 mylove mypass mypass123 mypassword myshop mysql naruto naughty nemo
neo netflix network never newpass newpass1 newpassword newyork newyork1 nicole nicole1 ninja ninja123 nintendo
nirvana no1knows nokia nopassword nothing nothing1 notpassword november number1 october office office1 oldpassword
olivia onelove operator oracle orange p@ssw0rd p@ssword pa$$word pa55w0rd pa55word packers panther panthers papa1234
paris pass1234 pass12345 pass123456 passcode passpass passport passw0rd passwd password password! password1
password1! password12 password123 password123! password1234 passwort peanut pepper phoenix physics pikachu pirate
pizza platinum player player1 playstation pokemon pokemon1 poker porsche postgres pretty prince princess princess1
private public pumpkin puppies puppy q123456 q1w2e3r4 q1w2e3r4t5 qazwsx qazwsxedc quake queen qwer1234 qwerty
qwerty!@ qwerty1 qwerty12 qwerty123 qwerty123! qwerty1234 qwerty12345 qwertyui qwertyuiop qwertz qwertzuiop raiders
rainbow ranger rangers realmadrid robert robert1 roblox rocknroll rockstar rocky rocky1 rocky123 rockyou roma1234
root rootroot rugby samantha samsung samsung1 samurai saturday school school1 science scooby scoobydoo secret
secret1 secret12 secret123 secretlove security september server sexy sexyboy sexygirl shadow shadow1 shadow12
shadow123 shophub shophub1 shophub123 shopper shopping shopping1 shrek silver silver1 simba singer sister skywalker
slayer slipknot snoopy soccer soccer1 something sophia sophie sparky spartan spiderman spring spring1 spring123
starlight startrek starwars starwars1 steelers store store123 strawberry student student1 success success1 summer
summer1 summer12 summer123 sunday sunshine sunshine1 superman superman1 superuser supervisor suzuki sweetheart
sweetie system system32 teacher teddybear temp1234 temporary temppass tennis test test1234 test12345 tester testing
testing1 testing123 texas thisisapassword thomas thomas1 thursday tiger tigers tigger tigger1 toor topsecret toyota
trinity truelove trustme trustno1 tuesday tweety twitter unicorn university vader victory viking vodka warrior
wednesday welcome welcome1 welcome1! welcome12 welcome123 whatever whatever1 whiskey william windows windows1
windows10 winner winner1 winter winter1 winter123 wireless wizard wolf wolverine wolves xbox360 yamaha yankees yoda
yourpassword youtube z123456 zaq12wsx zaq1zaq1 zelda zxcvasdf zxcvbnm zxcvbnm1
""".split()
)
