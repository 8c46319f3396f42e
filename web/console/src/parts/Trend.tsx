/** Counts over time as small bars; the label says the sum. */
export function Trend({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(1, ...counts);
  const width = 4;
  return (
    <svg
      class="trend"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, counts.length) * width} 24`}
      width={Math.max(1, counts.length) * width}
      height={24}
    >
      {counts.map((count, i) => {
        const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * 23));
        return (
          <rect
            key={i}
            class={count === 0 ? "trend-none" : "trend-some"}
            x={i * width}
            y={24 - height}
            width={width - 1}
            height={height}
          />
        );
      })}
    </svg>
  );
}
