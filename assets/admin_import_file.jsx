// The file of an import: dropped or chosen, looked at for its size, and sent as a form, whose answer leads to its page.
import { useRef, useState } from "react";

export function ImportFile({ action, field, maxBytes, tooLarge, hint, icon, classes }) {
  const form = useRef(null);
  const input = useRef(null);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const [over, setOver] = useState(false);

  const send = () => {
    const file = input.current.files[0];
    if (!file) return;
    if (file.size > maxBytes) {
      input.current.value = "";
      setProblem(tooLarge);
      return;
    }
    setProblem("");
    setName(file.name);
    form.current.requestSubmit();
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (!event.dataTransfer.files.length) return;
    input.current.files = event.dataTransfer.files;
    send();
  };

  return (
    <form ref={form} action={action} method="post" encType="multipart/form-data">
      <label
        className={over ? classes.zoneOver : classes.zone}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <svg viewBox="0 0 24 24" className="size-8 text-ink-3" fill="none" stroke="currentColor" strokeWidth="1.5"
          strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={icon} /></svg>
        <span className="font-semibold text-ink">{name ? `Reading ${name}…` : "Choose a file, or drop it here"}</span>
        <span className="text-xs text-ink-3">{hint}</span>
        <input ref={input} type="file" name={field} accept=".csv,.tsv,.txt,text/csv" className="sr-only" onChange={send} />
      </label>
      <p role="alert" className="mt-2 text-sm font-medium text-danger empty:hidden">{problem}</p>
    </form>
  );
}
