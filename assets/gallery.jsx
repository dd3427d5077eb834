// A product's pictures: thumbnails, arrow keys, swipe, and a large view in a dialog.
import { useEffect, useRef, useState } from "react";

const SWIPE_PX = 40;

export function Gallery({ images, sizes, classes, icons, name }) {
  const [at, setAt] = useState(0);
  const dialog = useRef(null);
  const touch = useRef(null);
  const first = images[0]?.url;
  useEffect(() => setAt(0), [first]);

  const count = images.length;
  const index = Math.min(at, count - 1);
  const image = images[index];
  const move = (by) => setAt((index + by + count) % count);
  const keys = (event) => {
    if (event.key === "ArrowLeft") { event.preventDefault(); move(-1); }
    if (event.key === "ArrowRight") { event.preventDefault(); move(1); }
  };
  const swipe = {
    onTouchStart: (event) => { touch.current = event.touches[0].clientX; },
    onTouchEnd: (event) => {
      const by = event.changedTouches[0].clientX - (touch.current ?? 0);
      if (touch.current !== null && Math.abs(by) > SWIPE_PX && count > 1) move(by < 0 ? 1 : -1);
      touch.current = null;
    },
  };
  if (!image) return <div className={classes.main} />;
  const icon = (path) => (
    <svg viewBox="0 0 24 24" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
  );
  return (
    <div className={`${classes.gallery} ${count > 1 ? classes.withThumbs : ""}`}>
      <div className={`${classes.main} ${count > 1 ? classes.beside : ""}`} style={{ backgroundColor: image.colour }} {...swipe}>
        <img key={image.url} src={image.url} srcSet={image.srcset || undefined} sizes={sizes} alt={image.alt} width={image.width}
          height={image.height} fetchPriority={index === 0 ? "high" : undefined} className={classes.image} />
        <button type="button" className={classes.zoom} aria-label="Enlarge the picture" onKeyDown={keys} onClick={() => dialog.current.showModal()}>
          <span className={classes.zoomIcon}>{icon(icons.zoom)}</span>
        </button>
      </div>
      {count > 1 && (
        <div className={classes.thumbs} role="group" aria-label="Pictures" onKeyDown={keys}>
          {images.map((one, position) => (
            <button key={one.url} type="button" className={`${classes.thumb} ${position === index ? classes.thumbCurrent : ""}`}
              aria-label={`Picture ${position + 1} of ${count}: ${one.alt}`} aria-current={position === index || undefined}
              onClick={() => setAt(position)}>
              <img src={one.url} srcSet={one.srcset || undefined} sizes="72px" alt="" width="72" height="90" className={classes.image} />
            </button>
          ))}
        </div>
      )}
      <dialog ref={dialog} className={classes.dialog} aria-label={`Pictures of ${name}`} onKeyDown={keys}>
        <div className={classes.dialogBody} {...swipe}>
          <img src={image.url} srcSet={image.srcset || undefined} sizes="100vw" alt={image.alt} width={image.width} height={image.height} className={classes.dialogImage} />
          <button type="button" className={classes.dialogClose} aria-label="Close" onClick={() => dialog.current.close()}>{icon(icons.close)}</button>
          {count > 1 && <button type="button" className={classes.dialogPrevious} aria-label="Previous picture" onClick={() => move(-1)}>{icon(icons.left)}</button>}
          {count > 1 && <button type="button" className={classes.dialogNext} aria-label="Next picture" onClick={() => move(1)}>{icon(icons.right)}</button>}
          {count > 1 && <p className={classes.dialogCount} aria-live="polite">{index + 1} / {count}</p>}
        </div>
      </dialog>
    </div>
  );
}
