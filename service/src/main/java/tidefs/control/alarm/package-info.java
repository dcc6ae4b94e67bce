/**
 * Alarms on metrics ("Using Amazon CloudWatch alarms"): their configuration, their evaluation every
 * minute, their history and what happens when their state changes.
 *
 * <p>It may use {@code metrics} and {@code base}; what an action does is told by an interface.
 */
@NullMarked
package tidefs.control.alarm;

import org.jspecify.annotations.NullMarked;
