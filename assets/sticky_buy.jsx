// On phones: price and button at the lower edge while the real button is out of view, above it or (with `early`) below.
// Pressing it presses that one.
import { useEffect, useState } from "react";

export function StickyBuy({ target, name, price, label, disabled, early, classes }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    // Looked up anew each time: the page may have replaced the button since.
    const look = () => {
      const button = document.getElementById(target);
      if (!button) {
        setShown(false);
        return;
      }
      const { top, bottom } = button.getBoundingClientRect();
      setShown(bottom < 0 || Boolean(early && top > window.innerHeight));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [target, early, price]);
  if (!shown) return null;
  return (
    <div className={classes.bar}>
      <p className={classes.text}>
        <span className={classes.name}>{name}</span>
        <span className={classes.price}>{price}</span>
      </p>
      <button type="button" className={classes.button} disabled={disabled} onClick={() => document.getElementById(target)?.click()}>
        {label}
      </button>
    </div>
  );
}
