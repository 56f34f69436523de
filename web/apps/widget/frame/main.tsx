import { render } from "preact";
import "./frame.css";

render(<p>Hello</p>, document.body);
