using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Represents the lease of a live instance.</summary>
/// <param name="Instance">The instance ID.</param>
/// <param name="EndsAt">The time at which the lease ends, unless the instance renews it.</param>
internal readonly record struct InstanceLease(string Instance, DateTimeOffset EndsAt)
{
    /// <summary>Returns the lease in a row of the table <see cref="FleetMembership.Table"/>.</summary>
    public static InstanceLease Of(StateRow row) => new(row.Key.Row, row.ExpiresAt);
}
