/**
 * Topics and who is told what is published to them, by HTTP or e-mail: the subset of Amazon SNS
 * that alarms need. Messages are delivered in the background and again after a failure, for a
 * while.
 *
 * <p>It may use {@code metrics} and {@code base}, the rest of {@code control} for its background,
 * the JDK's HTTP client and Jakarta Mail.
 */
@NullMarked
package tidefs.control.notify;

import org.jspecify.annotations.NullMarked;
