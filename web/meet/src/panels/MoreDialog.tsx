import { Badge, Dialog, Icon } from "@klatch/ui";
import { secondaryTools, tertiaryTools, useTools } from "../parts/tools";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** What the toolbar of a phone has no room for. */
export function MoreDialog() {
  const store = useStore();
  const tools = useTools();
  return (
    <Dialog title={t("more")} testid="more-dialog" onClose={() => (store.screen.dialog.value = null)}>
      <ul class="more">
        {[...secondaryTools, ...tertiaryTools]
          .filter((name) => tools[name].possible)
          .map((name) => {
            const tool = tools[name];
            return (
              <li key={name} class={secondaryTools.includes(name) ? "only-narrow" : undefined}>
                <button
                  type="button"
                  class="button wide plain"
                  data-testid={`more-${name}`}
                  {...(tool.barred !== undefined && { "aria-disabled": true, "aria-description": tool.barred })}
                  onClick={() => {
                    store.screen.dialog.value = null;
                    tool.run();
                  }}
                >
                  <Icon icon={tool.icon} /> {tool.short}
                  <Badge count={tool.badge} />
                </button>
              </li>
            );
          })}
      </ul>
    </Dialog>
  );
}
