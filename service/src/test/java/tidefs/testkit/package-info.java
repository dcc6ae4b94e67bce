/** Fakes, clients and helpers that tests share. */
@NullMarked
package tidefs.testkit;

import org.jspecify.annotations.NullMarked;
