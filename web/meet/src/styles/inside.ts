import styles from "./inside.css?inline";
import { adopt } from "./adopt";

adopt(styles);
