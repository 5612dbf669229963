using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>That an instance is alive, as it said itself, and until when that counts unless it says so again.</summary>
/// <param name="Instance">Its name in the fleet.</param>
/// <param name="EndsAt">When it counts as gone.</param>
internal readonly record struct InstanceLease(string Instance, DateTimeOffset EndsAt)
{
    public static InstanceLease Of(StateRow row) => new(row.Key.Row, row.ExpiresAt);
}
