// The product editor. What is typed lives here until it is saved; the server is asked once, with the whole of it.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { Description, More } from "$/public/admin_product_more.jsx";
import { Glyph, Pictures, Select, useUploads } from "$/public/admin_product_pictures.jsx";
import { Options, VariantGrid, suggestedSku } from "$/public/admin_product_variants.jsx";

const draftOf = (product) => ({
  id: product.id, version: product.version, name: product.name, slug: product.slug, description: product.description,
  category_id: product.category_id, brand: product.brand, tags: product.tags.join(", "), status: product.status,
  pictures: product.pictures.map((one) => ({ ...one, key: one.public_id, state: "" })),
  options: product.options.map((one, place) => ({ ...one, key: `kept-${place}` })),
  variants: product.variants.map((one) => ({ ...one, key: one.id || "row-0", stock: String(one.stock), stock_was: one.stock })),
});
const comparable = (draft) => JSON.stringify(draft, (name, value) => (["key", "state", "preview", "progress", "message", "again"].includes(name) ? undefined : value));
const wholeNumber = (text) => (/^\s*\d{1,9}\s*$/.test(text) ? Number(text) : -1);
const formOf = (draft, force) => ({
  id: draft.id, version: draft.version, force, name: draft.name, slug: draft.slug, description: draft.description,
  category_id: draft.category_id, brand: draft.brand, status: draft.status,
  tags: draft.tags.split(",").map((tag) => tag.trim()).filter(Boolean),
  pictures: draft.pictures.map(({ public_id, alt, width, height }) => ({ public_id, alt, width, height })),
  options: draft.options.map(({ name, choices }) => ({ name, choices })),
  variants: draft.variants.map((one) => ({ id: one.id, version: one.version, choices: one.choices, sku: one.sku.trim() || suggestedSku(draft, one),
    price: one.price, compare_at: one.compare_at, stock: wholeNumber(one.stock), stock_was: one.stock_was, picture: one.picture })),
});
const slugOf = (name) => {
  const plain = name.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase().replace(/'/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return plain.length <= 80 ? plain : plain.slice(0, 81).replace(/-[^-]*$/, "").slice(0, 80);
};
const summaryOf = (markdown) => {
  const plain = markdown.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[#*_`>|~]+|^\s*[-+]\s/gm, " ").replace(/\s+/g, " ").trim();
  return plain.length <= 160 ? plain : `${plain.slice(0, 159).replace(/\s\S*$/, "")}…`;
};
const FIELD = { category: "category_id", pictures: "browse-pictures" };

function Field({ id, label, error, hint, classes, optional, children }) {
  return (
    <div>
      <label htmlFor={id} className={classes.label}>{label}{optional && <span className="font-normal text-ink-3"> (optional)</span>}</label>
      {children}
      {hint && <p id={`${id}-hint`} className={classes.hint}>{hint}</p>}
      {error && <p id={`${id}-error`} className={classes.error}>{error}</p>}
    </div>
  );
}

function Card({ id, title, classes, children }) {
  return (
    <section aria-labelledby={id} className={classes.card}>
      <div className={classes.cardHead}><h2 id={id} className={classes.h2}>{title}</h2></div>
      <div className={classes.cardBody}>{children}</div>
    </section>
  );
}

// Keeps what was typed from being lost by a link, the back button or a closed tab.
function LeaveGuard({ armed, classes }) {
  const dialog = useRef(null);
  const blocker = useBlocker(useCallback(({ currentLocation, nextLocation }) => armed() && currentLocation.pathname !== nextLocation.pathname, [armed]));
  useEffect(() => {
    const stay = (event) => armed() && event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [armed]);
  useEffect(() => {
    if (blocker.state === "blocked" && !dialog.current.open) dialog.current.showModal();
    if (blocker.state !== "blocked" && dialog.current.open) dialog.current.close();
  }, [blocker.state]);
  return (
    <dialog ref={dialog} aria-labelledby="leave-title" className={classes.dialog} onClose={() => blocker.state === "blocked" && blocker.reset()}>
      <h2 id="leave-title" className={classes.h2}>Leave without saving?</h2>
      <p className="mt-2 text-ink-2">What you changed on this page is not saved yet.</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className={classes.danger} onClick={() => blocker.proceed?.()}>Leave</button>
        <button type="button" autoFocus className={classes.secondary} onClick={() => dialog.current.close()}>Stay</button>
      </div>
    </dialog>
  );
}

function Preview({ draft, slug, around }) {
  const summary = summaryOf(draft.description);
  return (
    <div className="max-w-xl rounded-md bg-sunken p-4" aria-label="How a search engine shows it" role="group">
      <p className="truncate text-xs text-ink-2">{`${around.address} › products › ${slug || "…"}`}</p>
      <p className="mt-0.5 truncate text-base font-medium text-brand">{`${draft.name || "Name"} · ${around.store_name}`}</p>
      <p className="mt-0.5 line-clamp-2 text-ink-2">{summary || "The first sentences of the description stand here."}</p>
    </div>
  );
}

function Problems({ outcome, attempt, errors, busy, classes, onReload, onForce }) {
  const box = useRef(null);
  const places = Object.entries(errors);
  useEffect(() => {
    if (outcome.kind === "invalid" && places.length === 1) {
      const [place] = places[0];
      (document.getElementById(FIELD[place] ?? place) ?? box.current)?.focus();
    } else box.current?.focus();
  }, [attempt]);
  if (outcome.kind === "changed") {
    return (
      <div ref={box} tabIndex={-1} role="alert" className={classes.warning}>
        <p className="font-semibold">{outcome.message}</p>
        <div className="mt-3 flex flex-wrap gap-2">
          <button type="button" className={classes.secondary} disabled={busy} onClick={onReload}>Show what is there now</button>
          <button type="button" className={classes.secondary} disabled={busy} onClick={onForce}>Save mine over it</button>
        </div>
      </div>
    );
  }
  if (!places.length) return outcome.kind === "failed" ? <p ref={box} tabIndex={-1} role="alert" className={classes.note}>{outcome.message}</p> : null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className={classes.note}>
      <p className="font-semibold">{places.length === 1 ? "One thing is not right yet:" : `${places.length} things are not right yet:`}</p>
      <ul className="mt-1.5 grid gap-1">
        {places.map(([place, sentence]) => (
          <li key={place}>
            <button type="button" className="cursor-pointer text-left underline underline-offset-4"
              onClick={() => document.getElementById(FIELD[place] ?? place)?.focus()}>{sentence}</button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ProductEditor({ product, around, outcome, preview, epoch, answered, classes, icons, onSave, onReload, onPreview, onDelete }) {
  const [base, setBase] = useState(() => draftOf(product));
  const [draft, setDraft] = useState(base);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState({ kind: "", message: "", errors: {} });
  const dirty = useMemo(() => comparable(draft) !== comparable(base), [draft, base]);
  const leaving = useRef(false);
  const fresh = useRef(false);
  const focused = useRef(null);
  const state = useRef({});
  state.current = { dirty, draft };
  const armed = useCallback(() => state.current.dirty && !leaving.current, []);

  // What is being mended is not complained of any longer; the next save says what is still wrong.
  const mend = (...places) => setTold((now) => ({ ...now, errors: Object.fromEntries(Object.entries(now.errors ?? {}).filter(([place]) => !places.includes(place))) }));
  const change = (values) => setDraft((now) => ({ ...now, ...values }));
  const setPictures = (next) => setDraft((now) => ({ ...now, pictures: next(now.pictures) }));
  const uploads = useUploads((key, values) => setPictures((now) => now.map((one) => (one.key === key ? { ...one, ...values } : one))));

  // What the server read anew takes the draft's place, but not that of unsaved work: a connection that was lost and
  // found loads the page again.
  useEffect(() => {
    const next = draftOf(product);
    if (leaving.current || fresh.current || !state.current.dirty) {
      setBase(next);
      setDraft(next);
      // Known at once: the way to a new product's own address may be taken before the page is drawn again.
      state.current = { dirty: false, draft: next };
      if (fresh.current) setTold({ kind: "", message: "", errors: {} });
    } else if (!state.current.draft.version) {
      setBase((now) => ({ ...now, id: product.id }));
      change({ id: product.id });
    }
    fresh.current = false;
    leaving.current = false;
    setBusy(false);
    setTimeout(() => focused.current?.isConnected && focused.current.focus({ preventScroll: true }));
  }, [epoch]);
  useEffect(() => {
    if (!answered) return;
    setBusy(false);
    if (outcome.kind === "deleted") return;
    if (outcome.kind !== "saved") leaving.current = false;
    setTold(outcome.kind === "saved" ? { kind: "", message: "", errors: {} } : { ...outcome, attempt: answered });
  }, [answered]);
  useEffect(() => {
    document.documentElement.style.scrollPaddingBottom = "5rem";
    return () => { document.documentElement.style.scrollPaddingBottom = ""; };
  }, []);

  const save = (force, given = draft) => {
    if (busy) return;
    const unready = given.pictures.filter((one) => one.state);
    if (unready.length) {
      const failed = unready.some((one) => one.state === "failed");
      setTold({ kind: "failed", errors: {}, attempt: performance.now(), message: failed ? "A picture could not be uploaded: try it again or remove it." : "Pictures are still being uploaded. Save when they are there." });
      return;
    }
    focused.current = document.activeElement;
    setBusy(true);
    leaving.current = true;
    onSave(formOf(given, force));
  };
  const archive = () => {
    const given = { ...draft, status: "archived" };
    setDraft(given);
    save(false, given);
  };
  const remove = () => {
    setBusy(true);
    leaving.current = true;
    onDelete();
  };
  useEffect(() => {
    const keys = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        if (state.current.dirty) document.getElementById("save-product")?.click();
      }
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, []);
  const discard = () => {
    draft.pictures.forEach((one) => one.state && uploads.cancel(one.key));
    setDraft(base);
    setTold({ kind: "", message: "", errors: {} });
  };

  const errors = told.errors ?? {};
  const slug = draft.slug || slugOf(draft.name);
  const field = (name, place = name) => ({
    id: name, value: draft[name], onChange: (event) => { change({ [name]: event.target.value }); mend(place); },
    "aria-invalid": errors[place] ? "true" : undefined, "aria-describedby": errors[place] ? `${name}-error` : undefined,
  });
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); save(false); }}>
      <LeaveGuard armed={armed} classes={classes} />
      <Problems outcome={told} attempt={told.attempt} errors={errors} busy={busy} classes={classes} onForce={() => save(true)}
        onReload={() => { fresh.current = true; setBusy(true); onReload(); }} />
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] lg:items-start" inert={busy}>
        <div className="grid min-w-0 gap-5">
          <Card id="about" title="About the product" classes={classes}>
            <div className="grid gap-4">
              <Field id="name" label="Name" error={errors.name} classes={classes}><input {...field("name")} maxLength={200} className={classes.input} /></Field>
              <Field id="description" label="Description" error={errors.description} classes={classes} optional
                hint="Markdown: ## for a heading, - for a list, **bold**. The first sentences are shown by search engines.">
                <Description field={field("description")} value={draft.description} {...{ preview, classes, onPreview }} />
              </Field>
            </div>
          </Card>
          <Card id="pictures-title" title="Pictures" classes={classes}>
            <Pictures pictures={draft.pictures} errors={errors} mend={mend} classes={classes} icons={icons} uploads={uploads} onChange={setPictures} />
          </Card>
          <Card id="selling" title={draft.options.length ? "Options and prices" : "Price and stock"} classes={classes}>
            <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
              {draft.options.length > 0 && <Options {...{ draft, errors, mend, classes, icons }} onDraft={setDraft} />}
              <VariantGrid {...{ draft, around, errors, mend, classes, icons }} onDraft={setDraft} />
              {draft.options.length === 0 && <Options {...{ draft, errors, mend, classes, icons }} onDraft={setDraft} />}
            </div>
          </Card>
          <Card id="found" title="How it is found" classes={classes}>
            <div className="grid gap-4">
              <Field id="slug" label="Address" error={errors.slug} classes={classes} hint={draft.version ? "The old address leads here when you change it." : "Left empty, the name makes it."}>
                <div className="flex items-center gap-1.5">
                  <span className="shrink-0 text-ink-3">/products/</span>
                  <input {...field("slug")} placeholder={slugOf(draft.name)} autoCapitalize="none" spellCheck="false" className={classes.input} />
                </div>
              </Field>
              <Preview draft={draft} slug={slug} around={around} />
            </div>
          </Card>
        </div>
        <div className="grid min-w-0 gap-5">
          <Card id="visibility" title="Status" classes={classes}>
            <Field id="status" label="Who sees it" classes={classes}
              hint={{ draft: "Only the staff. Nobody can buy it yet.", active: "Everybody can find and buy it.", archived: "Nobody can buy it. Orders keep it." }[draft.status]}>
              <Select {...field("status")} {...{ classes, icons }} wide>
                <option value="draft">Draft</option><option value="active">Active</option><option value="archived">Archived</option>
              </Select>
            </Field>
            {draft.version > 0 && (
              <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs text-ink-3">
                <dt>Made</dt><dd className="text-right text-ink-2">{product.created_text}</dd>
                <dt>Changed</dt><dd className="text-right text-ink-2">{product.updated_text}</dd>
              </dl>
            )}
          </Card>
          <Card id="organisation" title="Organisation" classes={classes}>
            <div className="grid gap-4">
              <Field id="category_id" label="Category" error={errors.category} classes={classes}>
                <Select {...field("category_id", "category")} {...{ classes, icons }} wide>
                  <option value="">Choose one</option>
                  {around.categories.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
                </Select>
              </Field>
              <Field id="brand" label="Brand" error={errors.brand} classes={classes} optional>
                <input {...field("brand")} maxLength={80} list="brands" className={classes.input} />
                <datalist id="brands">{around.brands.map((one) => <option key={one} value={one} />)}</datalist>
              </Field>
              <Field id="tags" label="Tags" error={errors.tags} classes={classes} optional hint="Separated by commas. Search finds the product by them.">
                <input {...field("tags")} className={classes.input} />
              </Field>
            </div>
          </Card>
          {draft.version > 0 && (
            <Card id="whole" title="This product" classes={classes}>
              <More product={product} told={told} {...{ busy, classes, icons }} onDelete={remove} onArchive={archive} />
            </Card>
          )}
        </div>
      </div>
      <div className={classes.bar}>
        <p className="mr-auto flex items-center gap-2 font-medium text-ink-2" role="status">
          <Glyph path={dirty || busy ? icons.alert : icons.check} />
          {busy ? "Saving" : dirty ? "Unsaved changes" : draft.version ? "All changes saved" : "Nothing typed yet"}
        </p>
        {dirty && <button type="button" className={classes.secondary} disabled={busy} onClick={discard}>Discard</button>}
        <button type="submit" id="save-product" className={classes.primary} disabled={busy}>Save</button>
      </div>
    </form>
  );
}
