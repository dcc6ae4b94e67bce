/**
 * Time, chance and invariants: what every other package may lean on. It leans on the JDK alone, and
 * nothing outside it asks the machine for the time or for randomness.
 */
@NullMarked
package tidefs.base;

import org.jspecify.annotations.NullMarked;
