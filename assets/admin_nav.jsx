// The ways of the back office: groups of links with an icon, the present one marked; and what makes the sidebar narrow.
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

const KEPT = "shophub.admin.nav";
const LINK = "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 narrow:justify-center narrow:px-0";

function setNarrow(narrow) {
  document.documentElement.dataset.adminNav = narrow ? "narrow" : "wide";
}

function kept() {
  try {
    return localStorage.getItem(KEPT) === "narrow";
  } catch {
    return false; // a browser that keeps nothing
  }
}

if (typeof document !== "undefined") setNarrow(kept());

// The first page of all is current by itself alone; the others with whatever lies below them.
const isAt = (path, here) => here === path || (path !== "/admin" && here.startsWith(`${path}/`));

const drawn = (path) => (
  <svg viewBox="0 0 24 24" className="size-[1.125rem] shrink-0" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
);

export function AdminNav({ sections = [], icons, label, wide = false }) {
  const { pathname } = useLocation();
  const here = pathname.length > 1 ? pathname.replace(/\/+$/, "") : pathname;
  const groups = [...new Set(sections.map((one) => one.group))];
  const text = wide ? "" : "narrow:sr-only";
  return (
    <nav aria-label={label} className="flex-1 overflow-y-auto p-3 narrow:px-2">
      {!sections.length && <div className="skeleton h-8" aria-hidden="true" />}
      {groups.map((group) => (
        <div key={group} className="mb-3">
          {group && <h2 className={`px-2.5 pb-1 pt-2 text-xs font-semibold text-ink-3 ${text}`}>{group}</h2>}
          <ul className="grid gap-0.5">
            {sections.filter((one) => one.group === group).map((one) => (
              <li key={one.path}>
                <Link to={one.path} title={one.label} aria-current={isAt(one.path, here) ? "page" : undefined}
                  className={`${LINK} ${isAt(one.path, here) ? "bg-brand-soft font-semibold text-brand" : "text-ink-2 hover:bg-hover hover:text-ink"}`}>
                  {drawn(icons[one.icon])}
                  <span className={text}>{one.label}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

export function NarrowButton({ icon }) {
  const [narrow, change] = useState(false);
  useEffect(() => change(kept()), []);
  const press = () => {
    change(!narrow);
    setNarrow(!narrow);
    try {
      localStorage.setItem(KEPT, narrow ? "wide" : "narrow");
    } catch {
      // then it is wide again the next time
    }
  };
  return (
    <button type="button" onClick={press} aria-expanded={!narrow} title={narrow ? "Expand the sidebar" : undefined}
      className={`${LINK} w-full cursor-pointer text-ink-2 hover:bg-hover hover:text-ink`}>
      {drawn(icon)}
      <span className="narrow:sr-only">{narrow ? "Expand the sidebar" : "Collapse"}</span>
    </button>
  );
}
