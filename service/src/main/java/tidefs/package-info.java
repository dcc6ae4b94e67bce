/** The program's entry point, and nothing else. */
@NullMarked
package tidefs;

import org.jspecify.annotations.NullMarked;
