// Hearts on products. All hearts of a page share one store, bound once by `WishHearts`: a press shows in every heart of
// the product at once, and what the server then answers counts.
import { useLayoutEffect, useSyncExternalStore } from "react";

const store = { isOn: false, canWish: false, wished: new Set(), pending: new Map(), toggle: null };
const listeners = new Set();
const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const emit = () => listeners.forEach((listener) => listener());
const never = () => false;

// `answered` is the product whose press the server has just dealt with; `epoch` changes with each such answer.
export function WishHearts({ ids, isOn, canWish, answered, epoch, onToggle }) {
  useLayoutEffect(() => {
    store.toggle = onToggle;
  });
  useLayoutEffect(() => {
    store.wished = new Set(ids);
    store.isOn = Boolean(isOn);
    store.canWish = Boolean(canWish);
    emit();
  }, [ids, isOn, canWish]);
  useLayoutEffect(() => {
    const press = store.pending.get(answered);
    if (!press) return;
    press.open -= 1;
    if (press.open < 1) store.pending.delete(answered);
    emit();
  }, [answered, epoch]);
  return null;
}

export function WishHeart({ id, product, name, className, icon }) {
  const isOn = useSyncExternalStore(subscribe, () => store.isOn, never);
  const wished = useSyncExternalStore(
    subscribe, () => store.pending.get(product)?.wanted ?? store.wished.has(product), never,
  );
  if (!isOn) return null;
  const press = () => {
    if (store.canWish) {
      const open = store.pending.get(product)?.open ?? 0;
      store.pending.set(product, { wanted: !wished, open: open + 1 });
      emit();
    }
    store.toggle?.(product, !wished);
  };
  return (
    <button id={id} type="button" className={className} aria-label={`Wishlist: ${name}`} aria-pressed={wished} onClick={press}>
      <svg viewBox="0 0 24 24" className={wished ? "size-6 text-danger" : "size-6"} fill={wished ? "currentColor" : "none"}
        stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        <path d={icon} />
      </svg>
    </button>
  );
}
