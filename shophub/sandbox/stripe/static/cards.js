// What can be said of a card while it is being typed.
const BRANDS = [
  { name: "American Express", short: "Amex", pattern: /^3[47]/, groups: [4, 6, 5], cvc: 4 },
  { name: "Visa", short: "Visa", pattern: /^4/, groups: [4, 4, 4, 4], cvc: 3 },
  { name: "Mastercard", short: "Mastercard", pattern: /^(5[1-5]|2[2-7])/, groups: [4, 4, 4, 4], cvc: 3 },
  { name: "Discover", short: "Discover", pattern: /^6(011|[45])/, groups: [4, 4, 4, 4], cvc: 3 },
];
const UNKNOWN_BRAND = { name: "", short: "", groups: [4, 4, 4, 4], cvc: 3 };

const digitsOf = (text) => text.replace(/\D/g, "");
const brandOf = (digits) => BRANDS.find((brand) => brand.pattern.test(digits)) ?? UNKNOWN_BRAND;
const lengthOf = (brand) => brand.groups.reduce((sum, group) => sum + group, 0);

function luhnValid(digits) {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function groupNumber(text) {
  const brand = brandOf(digitsOf(text));
  const digits = digitsOf(text).slice(0, lengthOf(brand));
  const parts = [];
  let start = 0;
  for (const size of brand.groups) {
    if (start < digits.length) parts.push(digits.slice(start, start + size));
    start += size;
  }
  return parts.join(" ");
}

// "4" becomes "04 / ", "1230" and "12/2030" become "12 / 30"; deleting never puts a separator back.
function groupExpiry(text, deleting) {
  let digits = digitsOf(text);
  const written = /^\s*(\d{1,2})\s*[/.-]\s*(\d*)/.exec(text);
  if (written && written[1].length === 1 && written[1] !== "0") digits = `0${digits}`;
  if (/^[2-9]/.test(digits)) digits = `0${digits}`;
  if (digits.length === 6 && digits.slice(2, 4) === "20") digits = digits.slice(0, 2) + digits.slice(4);
  digits = digits.slice(0, 4);
  if (digits.length < 2 || (digits.length === 2 && deleting)) return digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

function numberProblem(text) {
  const digits = digitsOf(text);
  if (digits.length < lengthOf(brandOf(digits))) {
    return { code: "incomplete_number", message: "Your card number is incomplete." };
  }
  return luhnValid(digits) ? null : { code: "invalid_number", message: "Your card number is invalid." };
}

function expiryProblem(text) {
  const digits = digitsOf(text);
  if (digits.length < 4) return { code: "incomplete_expiry", message: "Your card's expiration date is incomplete." };
  const month = Number(digits.slice(0, 2));
  const year = 2000 + Number(digits.slice(2));
  if (month < 1 || month > 12) {
    return { code: "invalid_expiry_month", message: "Your card's expiration month is invalid." };
  }
  const today = new Date();
  const past = year < today.getFullYear() || (year === today.getFullYear() && month < today.getMonth() + 1);
  return past ? { code: "invalid_expiry_year_past", message: "Your card's expiration date is in the past." } : null;
}

function cvcProblem(text, brand) {
  return digitsOf(text).length < brand.cvc
    ? { code: "incomplete_cvc", message: "Your card's security code is incomplete." }
    : null;
}

const TEST_CARDS = [
  { number: "4242 4242 4242 4242", outcome: "Succeeds" },
  { number: "4000 0000 0000 0002", outcome: "Is declined" },
  { number: "4000 0000 0000 9995", outcome: "Insufficient funds" },
  { number: "4000 0025 0000 3155", outcome: "Asks for authentication" },
];
