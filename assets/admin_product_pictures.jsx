// Pictures of a product: dropped or chosen, several at once, each with its progress; in an order that the mouse or two
// buttons change. The first is the cover.
import { useEffect, useRef, useState } from "react";

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"];
const LARGEST = 5 * 1024 * 1024;
const AT_ONCE = 2;
let made = 0;

export function Glyph({ path, className }) {
  return (
    <svg viewBox="0 0 24 24" className={className ?? "size-4"} fill="none" stroke="currentColor" strokeWidth="1.75"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
  );
}

export function Select({ classes, icons, wide, children, ...props }) {
  return (
    <span className={wide ? "relative block" : "relative block sm:w-28"}>
      <select {...props} className={classes.select}>{children}</select>
      <Glyph path={icons.down} className="pointer-events-none absolute right-2.5 top-2.5 size-4 text-ink-3" />
    </span>
  );
}

function refusal(file) {
  if (!TYPES.includes(file.type)) return "Choose a JPEG, PNG, WebP or AVIF picture.";
  if (file.size > LARGEST) return `A picture may have up to 5 MB; this one has ${(file.size / 1048576).toFixed(1)}.`;
  return "";
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(file, { onProgress, onDone, onFailed }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.open("POST", "/api/admin/upload");
  request.upload.onprogress = (event) => event.lengthComputable && onProgress(Math.round((event.loaded / event.total) * 100));
  request.onload = () => {
    const answer = answerOf(request);
    if (request.status === 201) return onDone(answer);
    if (request.status === 401) return onFailed("You have been signed out. Sign in again in another tab, then try again.");
    return onFailed(answer.error ?? "The picture could not be stored. Try again.");
  };
  request.onerror = () => onFailed("The connection was lost. Try again.");
  request.send(body);
  return request;
}

// Uploads live beside the form: `change(key, values)` writes into the picture with that key, wherever it has moved to.
export function useUploads(change) {
  const files = useRef(new Map());
  const requests = useRef(new Map());
  const queue = useRef([]);
  const latest = useRef(change);
  useEffect(() => {
    latest.current = change;
  });
  useEffect(() => () => requests.current.forEach((request) => request.abort()), []);

  const next = () => {
    while (requests.current.size < AT_ONCE && queue.current.length) start(queue.current.shift());
  };
  const ended = (key, values) => {
    requests.current.delete(key);
    latest.current(key, values);
    next();
  };
  const start = (key) => {
    latest.current(key, { state: "sending", progress: 0, message: "" });
    const request = send(files.current.get(key), {
      onProgress: (progress) => latest.current(key, { progress }),
      onDone: (answer) => {
        files.current.delete(key);
        ended(key, { state: "", public_id: answer.publicId, url: answer.url, width: answer.width, height: answer.height });
      },
      onFailed: (message) => ended(key, { state: "failed", message, again: true }),
    });
    requests.current.set(key, request);
  };
  const add = (list) => {
    const added = list.map((file) => {
      const key = `new-${++made}`;
      const message = refusal(file);
      files.current.set(key, file);
      if (!message) {
        queue.current.push(key);
        const reader = new FileReader();
        reader.onload = () => latest.current(key, { preview: reader.result });
        reader.readAsDataURL(file);
      }
      return { key, name: file.name, alt: "", public_id: "", url: "", preview: "", progress: 0, message, again: false,
        state: message ? "failed" : "waiting" };
    });
    setTimeout(next);
    return added;
  };
  const retry = (key) => {
    latest.current(key, { state: "waiting", message: "" });
    queue.current.push(key);
    next();
  };
  const cancel = (key) => {
    queue.current = queue.current.filter((one) => one !== key);
    requests.current.get(key)?.abort();
    requests.current.delete(key);
    files.current.delete(key);
    next();
  };
  return { add, retry, cancel };
}

function Status({ picture, classes, onRetry }) {
  if (picture.state === "failed") {
    return (
      <p role="alert" className="mt-1 text-xs font-medium text-danger">
        {picture.name && <span className="font-normal text-ink-2">{`${picture.name}: `}</span>}{picture.message}{" "}
        {picture.again && <button type="button" className="cursor-pointer underline underline-offset-4" onClick={onRetry}>Try again</button>}
      </p>
    );
  }
  if (!picture.state) return null;
  const words = picture.state === "waiting" ? "Waiting" : picture.progress < 100 ? `${picture.progress} %` : "Being checked";
  return (
    <div className="mt-1 flex items-center gap-2">
      <progress max="100" value={picture.progress} aria-label={`Upload of ${picture.name}`} className={classes.progress} />
      <span className="tnum whitespace-nowrap text-xs text-ink-3">{words}</span>
    </div>
  );
}

export function Pictures({ pictures, errors, mend, classes, icons, uploads, onChange }) {
  const [over, setOver] = useState(false);
  const [dragged, setDragged] = useState("");
  const input = useRef(null);
  const list = useRef(null);

  const add = (files) => {
    const added = uploads.add([...files]);
    onChange((now) => [...now, ...added]);
  };
  const moved = () => mend("pictures", ...pictures.map((_, place) => `alt-${place}`));
  const move = (key, place, button) => {
    moved();
    onChange((now) => {
      const rest = now.filter((one) => one.key !== key);
      rest.splice(place, 0, now.find((one) => one.key === key));
      return rest;
    });
    const region = document.getElementById("live-polite");
    if (region) region.textContent = `Picture is now number ${place + 1}${place === 0 ? ", the cover" : ""}.`;
    if (button) setTimeout(() => list.current?.querySelector(`[data-picture="${key}"] [data-move="${button}"]`)?.focus());
  };
  const remove = (key) => {
    moved();
    uploads.cancel(key);
    onChange((now) => now.filter((one) => one.key !== key));
    setTimeout(() => document.getElementById("browse-pictures")?.focus());
  };
  const describe = (key, alt) => onChange((now) => now.map((one) => (one.key === key ? { ...one, alt } : one)));
  const dropOn = (event, place) => {
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    move(dragged, place);
    setDragged("");
  };

  return (
    <>
      <div className={`${classes.dropzone} ${over ? "border-brand bg-brand-soft" : "border-line-strong bg-sunken"}`}
        onDragOver={(event) => { if (!dragged) { event.preventDefault(); setOver(true); } }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); if (!dragged) add(event.dataTransfer.files); }}>
        <Glyph path={icons.image} className="size-7 text-ink-3" />
        <p className="text-ink-2">
          Drop pictures here, or{" "}
          <button type="button" id="browse-pictures" className={classes.link} onClick={() => input.current.click()}>choose files</button>
        </p>
        <p className="text-xs text-ink-3">JPEG, PNG, WebP or AVIF, up to 5 MB each. Where a picture was taken is removed.</p>
        <input ref={input} type="file" multiple hidden accept={TYPES.join(",")} aria-label="Pictures"
          onChange={(event) => { add(event.target.files); event.target.value = ""; }} />
      </div>
      {errors.pictures && <p id="pictures-error" role="alert" className={classes.error}>{errors.pictures}</p>}
      {pictures.length > 0 && (
        <ol ref={list} className="mt-4 grid gap-3" aria-label="Pictures">
          {pictures.map((one, place) => {
            const error = errors[`alt-${place}`];
            const field = `alt-${place}`;
            const title = one.alt || one.name || `picture ${place + 1}`;
            return (
              <li key={one.key} data-picture={one.key} draggable onDragStart={(event) => { event.dataTransfer.effectAllowed = "move"; setDragged(one.key); }}
                onDragEnd={() => setDragged("")} onDragOver={(event) => dragged && event.preventDefault()} onDrop={(event) => dropOn(event, place)}
                className={`flex gap-3 rounded-md border border-line p-2.5 ${dragged === one.key ? "opacity-50" : ""}`}>
                <span className="relative size-20 shrink-0 overflow-hidden rounded-md bg-sunken">
                  {(one.url || one.preview) && <img src={one.url || one.preview} alt="" draggable={false} className="size-full object-cover" />}
                  {place === 0 && <span className="absolute bottom-1 left-1 rounded-sm bg-inverse px-1.5 py-0.5 text-xs font-semibold text-inverse-ink">Cover</span>}
                </span>
                <div className="min-w-0 flex-1">
                  <label htmlFor={field} className={classes.label}>What the picture shows</label>
                  <input id={field} value={one.alt} maxLength={300} className={classes.input} aria-invalid={error ? "true" : undefined}
                    aria-describedby={error ? `${field}-error` : undefined} onChange={(event) => { describe(one.key, event.target.value); mend(field); }} />
                  {error && <p id={`${field}-error`} className={classes.error}>{error}</p>}
                  <Status picture={one} classes={classes} onRetry={() => uploads.retry(one.key)} />
                </div>
                <div className="flex flex-col sm:flex-row sm:self-start">
                  <button type="button" data-move="earlier" className={classes.icon} disabled={place === 0} aria-label={`Move ${title} earlier`}
                    onClick={() => move(one.key, place - 1, place - 1 > 0 ? "earlier" : "later")}><Glyph path={icons.up} /></button>
                  <button type="button" data-move="later" className={classes.icon} disabled={place === pictures.length - 1} aria-label={`Move ${title} later`}
                    onClick={() => move(one.key, place + 1, place + 1 < pictures.length - 1 ? "later" : "earlier")}><Glyph path={icons.down} /></button>
                  <button type="button" className={classes.icon} aria-label={one.state === "sending" || one.state === "waiting" ? `Cancel upload of ${title}` : `Remove ${title}`}
                    onClick={() => remove(one.key)}><Glyph path={icons.close} /></button>
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </>
  );
}
