/**
 * Storage classes and the rules by which files move between them: arithmetic, with the time passed
 * in.
 *
 * <p>It uses the JDK alone, and neither threads nor stores.
 */
@NullMarked
package tidefs.fs.lifecycle;

import org.jspecify.annotations.NullMarked;
