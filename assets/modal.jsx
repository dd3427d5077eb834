// A native <dialog>: focus goes in, Esc closes, focus returns. Opened by a button's `command="show-modal"` or by a
// handler's script. Closes on a click beside it and on navigation.
import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

let polyfilled = false;

// Browsers that do not know command/commandfor yet.
function supportCommands() {
  if (polyfilled || typeof HTMLButtonElement === "undefined" || "commandForElement" in HTMLButtonElement.prototype) return;
  polyfilled = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal" && !dialog.open) dialog.showModal();
    if (button.getAttribute("command") === "close") dialog.close();
  });
}

export function Modal({ id, label, labelledBy, onClosed, className, children }) {
  const ref = useRef(null);
  const { pathname } = useLocation();

  useEffect(supportCommands, []);
  useEffect(() => {
    if (ref.current?.open) ref.current.close();
  }, [pathname]);

  const beside = (event) => {
    if (event.target !== ref.current) return;
    const box = ref.current.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) ref.current.close();
  };

  return (
    <dialog ref={ref} id={id} aria-label={label} aria-labelledby={labelledBy} className={className}
      onClick={beside} onClose={() => onClosed?.()}>
      {children}
    </dialog>
  );
}
