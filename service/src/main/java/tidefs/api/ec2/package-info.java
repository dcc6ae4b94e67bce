/**
 * As much of the EC2 API (2016-11-15, the ec2 query protocol) as clients of EFS need to find their
 * way: regions' zones, VPCs and subnets, read from the control plane's network.
 */
@NullMarked
package tidefs.api.ec2;

import org.jspecify.annotations.NullMarked;
