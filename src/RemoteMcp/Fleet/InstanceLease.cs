using System.Text.Json;
using System.Text.Json.Serialization;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// Represents the lease of an instance. The lease is live until <see cref="EndsAt"/>. After that it has lapsed: the instance may be gone,
/// paused, or cut off from the storage. The row of a lapsed lease stays for <see cref="KeptAfterEnd"/>.
/// </summary>
/// <param name="Instance">The instance ID.</param>
/// <param name="EndsAt">The time at which the lease ends, unless the instance renews it.</param>
internal readonly record struct InstanceLease(string Instance, DateTimeOffset EndsAt)
{
    /// <summary>
    /// How long the row stays after the lease has lapsed. An instance that does not renew its lease within this time is gone.
    /// </summary>
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(2);

    /// <summary>The body of a row that stays after the lease has lapsed.</summary>
    public static readonly BinaryData Body = BinaryData.FromBytes(
        JsonSerializer.SerializeToUtf8Bytes(new LeaseBody((int)KeptAfterEnd.TotalSeconds), LeaseJson.Default.LeaseBody));

    /// <summary>Returns whether the lease has not ended.</summary>
    public bool IsLive(DateTimeOffset now) => now < EndsAt;

    /// <summary>Returns the lease in a row of the table <see cref="FleetMembership.Table"/>.</summary>
    public static InstanceLease Of(StateRow row)
    {
        // The row of an earlier version of this server expires with its lease.
        var kept = row.Body.ToObjectFromJson(LeaseJson.Default.LeaseBody)?.KeptSeconds ?? 0;
        return new(row.Key.Row, row.ExpiresAt - TimeSpan.FromSeconds(kept));
    }
}

/// <summary>Represents the body of a lease's row.</summary>
/// <param name="KeptSeconds">The time between the end of the lease and the expiry of the row, in seconds.</param>
internal sealed record LeaseBody(int KeptSeconds = 0);

[JsonSerializable(typeof(LeaseBody))]
internal sealed partial class LeaseJson : JsonSerializerContext;
