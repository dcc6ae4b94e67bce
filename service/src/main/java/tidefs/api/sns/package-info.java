/**
 * The part of the SNS API that alarms need: topics and their subscriptions. Query protocol.
 *
 * <p>It may use {@code api}, {@code api.wire}, {@code control} and {@code base}.
 */
@NullMarked
package tidefs.api.sns;

import org.jspecify.annotations.NullMarked;
