import { Badge, Icon } from "@klatch/ui";
import { EllipsisVertical, LogOut } from "lucide";
import { Elapsed } from "./Elapsed";
import { useStore } from "../state/context";
import { may } from "../state/room";
import { t } from "../text/inside";
import { secondaryTools, useTools, type Tool, type ToolName } from "./tools";

const center: readonly ToolName[] = ["mic", "cam", "share", "react", "hand"];
const right: readonly ToolName[] = ["chat", "people", "egress", "problems"];

/** Which meeting it is, and its controls. On narrow screens the secondary ones move behind "More". */
export function Toolbar() {
  const store = useStore();
  const tools = useTools();
  const mayEnd = may(store.room.value, "allow_end") && store.has("end");
  const hidden = secondaryTools.reduce((sum, name) => sum + tools[name].badge, 0);
  return (
    <footer class="toolbar" aria-label={t("controls")}>
      <div class="tools-left">
        <h1 class="toolbar-id" data-testid="meeting-id" dir="auto" title={store.link.value.meetingId}>
          {store.asked.options.joinScreen?.title ?? store.link.value.meetingId}
        </h1>
        <Elapsed since={store.startedAt.value || store.room.value.joinedAt} />
      </div>
      <div class="tools tools-center">
        {center
          .filter((name) => tools[name].possible)
          .map((name) => (
            <ToolButton key={name} name={name} tool={tools[name]} />
          ))}
        {store.has("leave") && (
          <button
            type="button"
            class="tool leave"
            aria-label={t(mayEnd ? "leaveOrEnd" : "leaveMeeting")}
            title={t("leave")}
            data-testid="leave-button"
            aria-busy={store.busy.value.has("leave")}
            onClick={() => (mayEnd ? void (store.screen.dialog.value = "leave") : void store.leave())}
          >
            <span class="tool-face">
              <Icon icon={LogOut} directed />
            </span>
            <span class="tool-word">{t("leave")}</span>
          </button>
        )}
      </div>
      <div class="tools tools-right">
        {right
          .filter((name) => tools[name].possible)
          .map((name) => (
            <ToolButton key={name} name={name} tool={tools[name]} />
          ))}
        <button
          type="button"
          class="tool"
          aria-label={t("more")}
          aria-description={hidden > 0 ? t("newCount", { count: hidden }) : undefined}
          data-testid="more-button"
          onClick={() => (store.screen.dialog.value = "more")}
        >
          <span class="tool-face">
            <Icon icon={EllipsisVertical} />
            <span class="only-narrow">
              <Badge count={hidden} />
            </span>
          </span>
          <span class="tool-word">{t("more")}</span>
        </button>
      </div>
    </footer>
  );
}

function ToolButton({ name, tool }: { name: ToolName; tool: Tool }) {
  const narrow = secondaryTools.includes(name);
  return (
    <button
      type="button"
      class={`tool${tool.off ? " off" : ""}${tool.lit ? " lit" : ""}${narrow ? " only-wide" : ""}`}
      aria-label={tool.label}
      title={tool.barred ?? tool.label}
      aria-busy={tool.busy}
      {...(tool.barred !== undefined && { "aria-disabled": true, "aria-description": tool.barred })}
      {...(tool.pressed !== undefined && { "aria-pressed": tool.pressed })}
      data-testid={tool.testid}
      onClick={tool.run}
    >
      <span class="tool-face">
        <Icon icon={tool.icon} size={22} />
        <Badge count={tool.badge} />
      </span>
      <span class="tool-word">{tool.short}</span>
    </button>
  );
}
