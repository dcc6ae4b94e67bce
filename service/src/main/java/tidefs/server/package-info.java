/**
 * The composition root: reads the configuration, makes every part, hands each to those that need
 * it, starts them, drains them, stops them. It may use everything; {@code Main} alone uses it.
 */
@NullMarked
package tidefs.server;

import org.jspecify.annotations.NullMarked;
