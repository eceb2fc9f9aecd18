import type { Route } from "../route.ts";
import type { Loader } from "../loader.ts";

/** Everything the simulated Render can do. */
export const renderRoutes: readonly Route[] = [];

/** In the order their rows are made: what others stand in or link to comes first. */
export const renderLoaders: readonly Loader[] = [];
