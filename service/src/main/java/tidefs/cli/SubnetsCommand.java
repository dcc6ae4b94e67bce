package tidefs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidefs subnets}: where mount targets can be made. */
@Command(
    name = "subnets",
    description = "Lists the subnets in which mount targets can be made.",
    footer = {
      "",
      "Example:  tidefs subnets",
      "          aws efs create-mount-target --file-system-id fs-... --subnet-id subnet-...",
    })
final class SubnetsCommand implements Callable<Integer> {
  @Mixin private final Endpoint endpoint = new Endpoint();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Ec2Client ec2 = new Ec2Client(endpoint);
    List<Ec2Client.Subnet> subnets = ec2.subnets();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String row = "%-26s %-22s %-16s %-20s %s%n";
    out.printf(row, "SUBNET", "VPC", "ZONE", "CIDR", "FREE ADDRESSES");
    for (Ec2Client.Subnet subnet : subnets) {
      out.printf(
          row, subnet.id(), subnet.vpc(), subnet.zone(), subnet.cidr(), subnet.freeAddresses());
    }
    return ExitCode.OK;
  }
}
