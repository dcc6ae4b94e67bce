package tidefs.api.ec2;

import java.util.function.Consumer;
import tidefs.api.Xml;
import tidefs.control.Account;
import tidefs.control.SecurityGroup;
import tidefs.control.SecurityGroup.Source;
import tidefs.control.Tags;

/** Security groups as EC2 writes them. */
final class SecurityGroupXml {
  private SecurityGroupXml() {}

  static String arn(SecurityGroup group, Account account) {
    return "arn:aws:ec2:" + account.region() + ":" + account.id() + ":security-group/" + group.id();
  }

  static void group(Xml item, SecurityGroup group, Account account) {
    item.text("ownerId", account.id())
        .text("groupId", group.id())
        .text("groupName", group.name())
        .text("groupDescription", group.description())
        .text("vpcId", group.vpcId())
        .text("securityGroupArn", arn(group, account))
        .element(
            "ipPermissions",
            set -> {
              for (SecurityGroup.Rule rule : group.ingress()) {
                set.element("item", one -> permission(one, rule, account));
              }
            })
        .element(
            "ipPermissionsEgress",
            set -> {
              for (SecurityGroup.Rule rule : group.egress()) {
                set.element("item", one -> permission(one, rule, account));
              }
            });
    tags(item, group.tags());
  }

  private static void permission(Xml item, SecurityGroup.Rule rule, Account account) {
    item.text("ipProtocol", rule.protocol());
    if (!rule.protocol().equals("-1")) {
      item.text("fromPort", String.valueOf(rule.fromPort()))
          .text("toPort", String.valueOf(rule.toPort()));
    }
    Source source = rule.source();
    item.element(
        "groups",
        set -> {
          if (source instanceof Source.Group(String id)) {
            set.element(
                "item",
                described(rule, one -> one.text("userId", account.id()).text("groupId", id)));
          }
        });
    item.element(
        "ipRanges",
        set -> {
          if (source instanceof Source.Block(String cidr)) {
            set.element("item", described(rule, one -> one.text("cidrIp", cidr)));
          }
        });
    item.element(
        "ipv6Ranges",
        set -> {
          if (source instanceof Source.Ipv6Block(String cidr)) {
            set.element("item", described(rule, one -> one.text("cidrIpv6", cidr)));
          }
        });
    item.element("prefixListIds", _ -> {});
  }

  private static Consumer<Xml> described(SecurityGroup.Rule rule, Consumer<Xml> content) {
    return one -> {
      content.accept(one);
      if (!rule.description().isEmpty()) {
        one.text("description", rule.description());
      }
    };
  }

  /** SecurityGroupRule. */
  static void rule(
      Xml item,
      String groupId,
      SecurityGroup.Direction direction,
      SecurityGroup.Rule rule,
      Account account) {
    item.text("securityGroupRuleId", rule.id())
        .text("groupId", groupId)
        .text("groupOwnerId", account.id())
        .text("isEgress", String.valueOf(direction == SecurityGroup.Direction.EGRESS))
        .text("ipProtocol", rule.protocol())
        .text("fromPort", String.valueOf(rule.fromPort()))
        .text("toPort", String.valueOf(rule.toPort()));
    switch (rule.source()) {
      case Source.Block(String cidr) -> item.text("cidrIpv4", cidr);
      case Source.Ipv6Block(String cidr) -> item.text("cidrIpv6", cidr);
      case Source.Group(String id) ->
          item.element(
              "referencedGroupInfo",
              group -> group.text("groupId", id).text("userId", account.id()));
    }
    if (!rule.description().isEmpty()) {
      item.text("description", rule.description());
    }
  }

  static void tags(Xml item, Tags tags) {
    item.element(
        "tagSet",
        set ->
            tags.values()
                .forEach((key, value) ->
                    set.element("item", tag -> tag.text("key", key).text("value", value))));
  }
}
