// Options and the grid of what is sold: a row for each combination, with fill-down. Pure functions change the draft.
import { useEffect, useRef, useState } from "react";
import { Glyph, Select } from "$/public/admin_product_pictures.jsx";

let made = 0;
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const joined = (choices) => choices.join(" / ");
const short = (text, length) => text.normalize("NFKD").replace(/[^a-zA-Z0-9]+/g, "").slice(0, length).toUpperCase();

// What an SKU is where its field is left empty.
export function suggestedSku(draft, variant) {
  const words = draft.name.split(/\s+/).filter(Boolean).slice(0, 3).map((word) => short(word, 4));
  return [...words, ...variant.choices.map((choice) => short(choice, 6))].filter(Boolean).join("-").slice(0, 60);
}

export function blankVariant(choices, like) {
  return { key: `row-${++made}`, id: "", version: 0, choices, sku: "", price: like?.price ?? "", compare_at: like?.compare_at ?? "",
    stock: "0", stock_was: 0, reserved: 0, picture: "", is_ordered: false };
}

const unique = (variants) => {
  const seen = new Set();
  return [...variants].sort((a, b) => b.is_ordered - a.is_ordered || 0).filter((one) => {
    const name = JSON.stringify(one.choices);
    return !seen.has(name) && seen.add(name);
  });
};
const inOrder = (draft) => {
  const place = (variant) => draft.options.map((option, index) => option.choices.indexOf(variant.choices[index]));
  const sorted = draft.variants.map((one) => [one, place(one)]).sort(([, a], [, b]) => a.map((n, i) => n - b[i]).find((n) => n !== 0) ?? 0);
  return { ...draft, variants: sorted.map(([one]) => one) };
};

function addOption(draft) {
  return { ...draft, options: [...draft.options, { key: `option-${++made}`, name: "", choices: [] }],
    variants: draft.variants.map((one) => ({ ...one, choices: [...one.choices, ""] })) };
}
function removeOption(draft, index) {
  const without = (list) => list.filter((_, place) => place !== index);
  return { ...draft, options: without(draft.options), variants: unique(draft.variants.map((one) => ({ ...one, choices: without(one.choices) }))) };
}
const withOption = (draft, index, values) => ({ ...draft, options: draft.options.map((one, place) => (place === index ? { ...one, ...values } : one)) });
function addChoice(draft, index, choice) {
  const { choices } = draft.options[index];
  const next = withOption(draft, index, { choices: [...choices, choice] });
  const put = (list) => list.map((one, place) => (place === index ? choice : one));
  if (!choices.length) return { ...next, variants: draft.variants.map((one) => ({ ...one, choices: put(one.choices) })) };
  const made = unique(draft.variants.map((one) => blankVariant(put(one.choices), one)));
  return inOrder({ ...next, variants: [...draft.variants, ...made] });
}
function renameChoice(draft, index, before, after) {
  const put = (list) => list.map((one, place) => (place === index && one === before ? after : one));
  const { choices } = draft.options[index];
  return { ...withOption(draft, index, { choices: choices.map((one) => (one === before ? after : one)) }),
    variants: draft.variants.map((one) => ({ ...one, choices: put(one.choices) })) };
}
function removeChoice(draft, index, choice) {
  const choices = draft.options[index].choices.filter((one) => one !== choice);
  const next = withOption(draft, index, { choices });
  if (!choices.length) {
    const emptied = draft.variants.map((one) => ({ ...one, choices: one.choices.map((value, place) => (place === index ? "" : value)) }));
    return { ...next, variants: unique(emptied) };
  }
  return { ...next, variants: draft.variants.filter((one) => one.choices[index] !== choice) };
}
function missing(draft) {
  const all = draft.options.filter((one) => one.choices.length).reduce((rows, one) => rows.flatMap((row) => one.choices.map((choice) => [...row, choice])), [[]]);
  const there = new Set(draft.variants.map((one) => JSON.stringify(one.choices)));
  return draft.options.every((one) => one.choices.length) ? all.filter((choices) => !there.has(JSON.stringify(choices))) : [];
}

function Choice({ option, index, choice, draft, classes, icons, onDraft, onRefused }) {
  const [typed, setTyped] = useState(choice);
  const keep = () => {
    const after = typed.trim();
    if (!after || (option.choices.some((one) => one !== choice && same(one, after)))) return setTyped(choice);
    if (after !== choice) onDraft((now) => renameChoice(now, index, choice, after));
  };
  const remove = () => {
    const kept = draft.variants.find((one) => one.choices[index] === choice && (one.is_ordered || one.reserved));
    if (kept) return onRefused(`${joined(kept.choices)} has been ordered, so it stays: set its stock to 0 instead.`);
    onRefused("");
    onDraft((now) => removeChoice(now, index, choice));
  };
  return (
    <span className={classes.chip}>
      <input value={typed} maxLength={80} aria-label={`${option.name || "Option"}: ${choice}`} className="field-sizing-content min-w-8 max-w-40 bg-transparent"
        onChange={(event) => setTyped(event.target.value)} onBlur={keep} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), keep())} />
      <button type="button" className="inline-flex size-7 cursor-pointer items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        aria-label={`Remove ${choice}`} onClick={remove}><Glyph path={icons.close} className="size-3.5" /></button>
    </span>
  );
}

export function Options({ draft, errors, mend, classes, icons, onDraft }) {
  const [refused, setRefused] = useState("");
  const add = (index, input) => {
    const words = input.value.split(",").map((word) => word.trim().slice(0, 80)).filter(Boolean);
    const known = [...draft.options[index].choices];
    const added = words.filter((word) => !known.some((one) => same(one, word)) && known.push(word));
    input.value = "";
    if (added.length) mend(`choices-${index}`);
    if (added.length) onDraft((now) => added.reduce((next, word) => addChoice(next, index, word), now));
  };
  const removeWhole = (index) => {
    const kept = draft.variants.filter((one) => one.is_ordered || one.reserved);
    const left = unique(kept.map((one) => ({ ...one, choices: one.choices.filter((_, place) => place !== index) })));
    if (left.length < kept.length) return setRefused("Several of these have been ordered, so the option stays.");
    setRefused("");
    return onDraft((now) => removeOption(now, index));
  };
  return (
    <div className="grid gap-4">
      {draft.options.map((option, index) => (
        <fieldset key={option.key} className="rounded-md border border-line p-3">
          <legend className="sr-only">{`Option ${index + 1}`}</legend>
          <div className="flex items-end gap-2">
            <div className="w-full max-w-60">
              <label htmlFor={`option-${index}`} className={classes.label}>Option name</label>
              <input id={`option-${index}`} value={option.name} maxLength={80} placeholder="Size" className={classes.input}
                aria-invalid={errors[`option-${index}`] ? "true" : undefined} aria-describedby={errors[`option-${index}`] ? `option-${index}-error` : undefined}
                onChange={(event) => { onDraft((now) => withOption(now, index, { name: event.target.value })); mend(`option-${index}`); }} />
            </div>
            <button type="button" className={`${classes.quiet} ml-auto`} onClick={() => removeWhole(index)}>
              Remove<span className="sr-only">{` option ${option.name || index + 1}`}</span>
            </button>
          </div>
          {errors[`option-${index}`] && <p id={`option-${index}-error`} className={classes.error}>{errors[`option-${index}`]}</p>}
          <div className="mt-3 flex flex-wrap items-center gap-2">
            {option.choices.map((choice) => (
              <Choice key={choice} {...{ option, index, choice, draft, classes, icons, onDraft }} onRefused={setRefused} />
            ))}
            <input id={`choices-${index}`} aria-label={`Add a choice to ${option.name || "this option"}`} placeholder={option.choices.length ? "Add another" : "S, M, L"}
              className={`${classes.input} max-w-36`} aria-describedby={`choices-${index}-hint`} aria-invalid={errors[`choices-${index}`] ? "true" : undefined}
              onBlur={(event) => add(index, event.target)}
              onKeyDown={(event) => ["Enter", ","].includes(event.key) && (event.preventDefault(), add(index, event.target))} />
          </div>
          <p id={`choices-${index}-hint`} className={errors[`choices-${index}`] ? classes.error : classes.hint}>
            {errors[`choices-${index}`] ?? "Enter or a comma adds a choice. A choice that is renamed keeps its rows."}
          </p>
        </fieldset>
      ))}
      {refused && <p role="alert" className={classes.error}>{refused}</p>}
      {draft.options.length < 3 && (
        <div>
          <button type="button" className={classes.secondary} onClick={() => { setRefused(""); onDraft(addOption); setTimeout(() => document.getElementById(`option-${draft.options.length}`)?.focus()); }}>
            <Glyph path={icons.plus} />Add an option
          </button>
          {!draft.options.length && <p className={classes.hint}>Such as Size or Colour: then the product is sold in several kinds.</p>}
        </div>
      )}
    </div>
  );
}

const COLUMNS = [["sku", "SKU"], ["price", "Price"], ["compare_at", "Price before"], ["stock", "Stock"]];
const PLACES = { sku: "sku", price: "price", compare_at: "compare", stock: "stock" };

export function VariantGrid({ draft, around, errors, mend, classes, icons, onDraft }) {
  const many = draft.options.length > 0;
  const count = useRef(draft.variants.length);
  const pictured = many && draft.pictures.some((one) => one.public_id);
  const lacking = missing(draft);
  const change = (key, values) => onDraft((now) => ({ ...now, variants: now.variants.map((one) => (one.key === key ? { ...one, ...values } : one)) }));
  // Errors are known by the row's number: when rows come or go, they are forgotten.
  const forget = (...names) => mend("variants", ...draft.variants.flatMap((_, place) => names.map((name) => `${PLACES[name]}-${place}`)));
  useEffect(() => {
    if (count.current !== draft.variants.length) forget("sku", "price", "compare_at", "stock");
    count.current = draft.variants.length;
  }, [draft.variants.length]);
  const fill = (name) => onDraft((now) => ({ ...now, variants: now.variants.map((one) => ({ ...one, [name]: now.variants[0][name] })) }));
  const title = (row) => (many ? joined(row.choices) || "this row" : draft.name || "the product");

  const cell = (row, place, [name, label]) => {
    const id = `${PLACES[name]}-${place}`;
    const error = errors[id];
    return (
      <td key={name} className={name === "sku" ? "block py-1 align-top sm:table-cell sm:min-w-36 sm:px-1.5" : "block py-1 align-top sm:table-cell sm:min-w-20 sm:px-1.5"}>
        {/* On a phone a row is a card, and each field has its label above it. */}
        <label htmlFor={id} className={many ? `${classes.label} sm:sr-only` : classes.label}>
          {label}{many && <span className="sr-only">{` of ${title(row)}`}</span>}
        </label>
        <input id={id} value={row[name]} inputMode={name === "stock" ? "numeric" : name === "sku" ? "text" : "decimal"} className={`${classes.input} tnum`}
          placeholder={name === "sku" ? suggestedSku(draft, row) : name === "compare_at" ? "None" : name === "price" ? (0).toFixed(around.decimals) : ""}
          aria-invalid={error ? "true" : undefined} aria-describedby={error ? `${id}-error` : undefined} autoComplete="off"
          onChange={(event) => { change(row.key, { [name]: event.target.value }); mend(id); }} />
        {error && <p id={`${id}-error`} className={classes.error}>{error}</p>}
        {name === "stock" && row.reserved > 0 && <p className={classes.hint}>{`${row.reserved} being paid for`}</p>}
      </td>
    );
  };

  return (
    <div>
      <div className="sm:-mx-1.5 sm:overflow-x-auto">
        <table className="block w-full sm:table">
          <caption className="sr-only">{`What is sold, prices in ${around.currency}`}</caption>
          {many && (
            <thead className="hidden sm:table-header-group">
              <tr className="text-left text-xs text-ink-3">
                <th scope="col" className="px-1.5 pb-1 font-semibold">{draft.options.map((one) => one.name || "Option").join(" / ")}</th>
                {COLUMNS.map(([name, label]) => (
                  <th key={name} scope="col" className="px-1.5 pb-1 font-semibold">
                    {name === "price" ? `${label} (${around.currency})` : label}
                    {name !== "sku" && draft.variants.length > 1 && (
                      <button type="button" className={classes.fill} title="Copy the first row’s down" aria-label={`Copy the first row’s ${label.toLowerCase()} down`}
                        onClick={() => { fill(name); forget(name); }}><Glyph path={icons.down} className="size-3.5" /></button>
                    )}
                  </th>
                ))}
                {pictured && <th scope="col" className="px-1.5 pb-1 font-semibold">Picture</th>}
                <th scope="col"><span className="sr-only">Remove</span></th>
              </tr>
            </thead>
          )}
          <tbody className="block sm:table-row-group">
            {draft.variants.map((row, place) => (
              <tr key={row.key} className={many ? "grid grid-cols-2 gap-x-3 border-b border-line py-3 last:border-0 sm:table-row sm:border-0" : "grid grid-cols-2 gap-x-3 sm:grid-cols-2 lg:grid-cols-4"}>
                {many && <th scope="row" className="col-span-2 block py-1 text-left font-semibold sm:table-cell sm:max-w-44 sm:px-1.5 sm:pt-3 sm:align-top sm:font-medium">{title(row)}</th>}
                {COLUMNS.map((column) => cell(row, place, column))}
                {pictured && (
                  <td className="block py-1 align-top sm:table-cell sm:px-1.5">
                    <Select {...{ classes, icons }} aria-label={`Picture of ${title(row)}`} value={row.picture} onChange={(event) => change(row.key, { picture: event.target.value })}>
                      <option value="">The cover</option>
                      {draft.pictures.filter((one) => one.public_id).map((one, index) => (
                        <option key={one.public_id} value={one.public_id}>{`${index + 1}: ${one.alt || "no description"}`}</option>
                      ))}
                    </Select>
                  </td>
                )}
                {many && (
                  <td className="block py-1 align-top sm:table-cell">
                    <button type="button" className={classes.icon} disabled={row.is_ordered || row.reserved > 0 || draft.variants.length === 1}
                      title={row.is_ordered ? "It has been ordered, so it stays: set its stock to 0 instead." : undefined} aria-label={`Remove ${title(row)}`}
                      onClick={() => onDraft((now) => ({ ...now, variants: now.variants.filter((one) => one.key !== row.key) }))}><Glyph path={icons.close} /></button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {errors.variants && <p id="variants" tabIndex={-1} role="alert" className={classes.error}>{errors.variants}</p>}
      {lacking.length > 0 && (
        <button type="button" className={`${classes.secondary} mt-3`}
          onClick={() => onDraft((now) => inOrder({ ...now, variants: [...now.variants, ...lacking.map((choices) => blankVariant(choices, now.variants[0]))] }))}>
          <Glyph path={icons.plus} />{`Add ${lacking.length} missing ${lacking.length === 1 ? "combination" : "combinations"}`}
        </button>
      )}
    </div>
  );
}
