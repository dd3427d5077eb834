// The lines of a chart: arrow keys go from point to point once it has the focus.

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

const BOX = { background: "var(--surface)", border: "1px solid var(--line-strong)", borderRadius: "8px" };
const compact = (value) => new Intl.NumberFormat("en", { notation: "compact" }).format(value);

export function Lines({ points, value, before, valueText, beforeText, name, height, label, compares }) {
  // The exact sums stand beside the numbers that are drawn.
  const exact = (drawn, what, item) => {
    const text = item.payload[item.dataKey === value ? valueText : beforeText];
    return [text ?? drawn, what];
  };
  const shared = { strokeWidth: 2, dot: false, type: "linear", isAnimationActive: false };
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer title={label}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis dataKey="label" minTickGap={28} tickLine={false} stroke="var(--ink-3)" />
        <YAxis
          tickFormatter={compact}
          allowDecimals={false}
          width={44}
          tickLine={false}
          axisLine={false}
          stroke="var(--ink-3)"
        />
        <Tooltip contentStyle={BOX} formatter={exact} />
        {compares && (
          <Line {...shared} dataKey={before} name="The range before" stroke="var(--c5)" strokeDasharray="3 4" />
        )}
        <Line {...shared} dataKey={value} name={name} stroke="var(--c1)" />
      </LineChart>
    </ResponsiveContainer>
  );
}
