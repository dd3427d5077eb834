// The shop's logo: chosen and stored at once, kept when the form around it is saved.
import { useState } from "react";

const TYPES = "image/jpeg,image/png,image/webp,image/avif";
const MAX_BYTES = 5 * 1024 * 1024;

async function store(file) {
  if (file.size > MAX_BYTES) throw new Error("This picture is larger than 5 MB.");
  const body = new FormData();
  body.append("file", file);
  const answer = await fetch("/api/admin/upload", { method: "POST", body }).catch(() => null);
  if (!answer) throw new Error("The connection was lost. Try again.");
  const told = await answer.json().catch(() => ({}));
  if (answer.status !== 201) throw new Error(told.error ?? "The picture could not be stored. Try again.");
  return told;
}

export function LogoField({ publicId, url, error, classes }) {
  const [kept, setKept] = useState({ publicId, url });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");

  const choose = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    setBusy(true);
    setFailure("");
    try {
      const told = await store(file);
      setKept({ publicId: told.publicId, url: told.url });
    } catch (problem) {
      setFailure(problem.message);
    }
    setBusy(false);
  };
  const said = failure || error;

  return (
    <div>
      <p className={classes.label} id="logo-label">Logo</p>
      <input type="hidden" name="logo_public_id" value={kept.publicId} readOnly />
      <div className="flex flex-wrap items-center gap-3">
        {kept.url && (
          <img src={kept.url} alt="The logo as it is" className="h-10 max-w-40 rounded-sm border border-line bg-white object-contain p-1" />
        )}
        <label className={`${classes.secondary} focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-brand`} aria-busy={busy}>
          {busy ? "Storing…" : kept.url ? "Choose another" : "Choose a picture"}
          <input id="logo_public_id" type="file" accept={TYPES} className="sr-only" onChange={choose} disabled={busy}
            aria-describedby={said ? "logo-hint logo-error" : "logo-hint"} aria-invalid={said ? "true" : undefined} />
        </label>
        {kept.publicId && (
          <button type="button" className={classes.quiet} onClick={() => setKept({ publicId: "", url: "" })}>Remove</button>
        )}
      </div>
      <p id="logo-hint" className={classes.hint}>JPEG, PNG, WebP or AVIF, up to 5 MB. In the header, in e-mails, on invoices; search engines show it too.</p>
      {said && <p id="logo-error" role="alert" className={classes.error}>{said}</p>}
    </div>
  );
}
