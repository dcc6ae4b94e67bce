/** Events of the kind that AWS CloudTrail keeps, and the part of its API that reads them. */
@NullMarked
package tidefs.api.cloudtrail;

import org.jspecify.annotations.NullMarked;
