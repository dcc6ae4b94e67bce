/**
 * The control plane: file systems, mount targets, access points and what belongs to them, as
 * records with explicit state machines, kept durably and acted out on the {@link
 * tidefs.control.DataPlane}.
 *
 * <p>It may use {@code store}, {@code metrics} and {@code base}; it knows neither HTTP nor NFS. The
 * API calls it, it calls the data plane, and nothing ever calls back up.
 */
@NullMarked
package tidefs.control;

import org.jspecify.annotations.NullMarked;
