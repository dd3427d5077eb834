// Parts of the product editor that ask the server by themselves: the description as the shop will show it, and what is
// done with the product as a whole.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Glyph } from "$/public/admin_product_pictures.jsx";

export function Description({ field, value, preview, classes, onPreview, children }) {
  const [shown, setShown] = useState(false);
  const fresh = preview.source === value;
  useEffect(() => {
    if (!shown || fresh) return undefined;
    const timer = setTimeout(() => onPreview(value), 200);
    return () => clearTimeout(timer);
  }, [shown, fresh, value]);
  const wrong = field["aria-invalid"];
  useEffect(() => { if (wrong) setShown(false); }, [wrong]);
  const tab = (label, on) => (
    <button type="button" aria-pressed={shown === on} className={shown === on ? classes.tabOn : classes.tab} onClick={() => setShown(on)}>{label}</button>
  );
  return (
    <>
      <div className="mb-1.5 flex gap-1" role="group" aria-label="Write or preview">{tab("Write", false)}{tab("Preview", true)}</div>
      <textarea {...field} rows={9} maxLength={20000} className={classes.textarea} hidden={shown} />
      {shown && (
        <div className={classes.preview} aria-busy={!fresh} aria-label="How the shop shows it" role="region" tabIndex={0}>
          {value.trim() ? <div className={classes.prose} dangerouslySetInnerHTML={{ __html: preview.html }} /> : <p className="text-ink-3">Nothing is written yet.</p>}
        </div>
      )}
      {children}
    </>
  );
}

// `told` is what the server said of an attempt to delete it.
export function More({ product, told, busy, classes, icons, onDelete, onArchive }) {
  const dialog = useRef(null);
  const ordered = product.variants.some((one) => one.is_ordered);
  const refused = told.kind === "kept" ? told.message : "";
  useEffect(() => {
    if (refused && !dialog.current.open) dialog.current.showModal();
  }, [refused, told.attempt]);
  const close = () => dialog.current.close();
  const archived = product.status === "archived";
  const kept = refused || (ordered ? `${product.name} has been ordered, so it stays for those orders.${archived ? "" : " Archive it instead: then nobody can buy it any more."}` : "");
  return (
    <>
      <div className="-mx-2.5 grid justify-items-start">
        <Link to={`/admin/products/new?copy=${product.id}`} className={classes.quiet}><Glyph path={icons.copy} />Make a copy</Link>
        <button type="button" className={classes.quietDanger} disabled={busy} onClick={() => dialog.current.showModal()}><Glyph path={icons.trash} />Delete…</button>
      </div>
      <dialog ref={dialog} aria-labelledby="delete-title" className={classes.dialog}>
        <h2 id="delete-title" className={classes.h2}>{kept ? `${product.name} cannot be deleted` : `Delete ${product.name}?`}</h2>
        {kept
          ? <p className="mt-2 text-ink-2" role={refused ? "alert" : undefined}>{kept}</p>
          : <p className="mt-2 text-ink-2">It goes for good, with its pictures, its stock and its place in carts and wishlists. This cannot be undone.</p>}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          {kept && !archived && <button type="button" className={classes.secondary} disabled={busy} onClick={() => { close(); onArchive(); }}>Archive it</button>}
          {!kept && <button type="button" className={classes.danger} disabled={busy} onClick={onDelete}>Delete product</button>}
          <button type="button" autoFocus className={classes.secondary} onClick={close}>{kept ? "Close" : "Keep it"}</button>
        </div>
      </dialog>
    </>
  );
}
