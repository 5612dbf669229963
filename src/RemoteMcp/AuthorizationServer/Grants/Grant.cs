using System.Buffers.Text;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>
/// Represents what a person granted to one installation of a client: one sign-in. It is a row of the table <c>Grants</c>. The partition
/// contains all grants of the person. The row key is a version 7 UUID, so the oldest grant comes first.
/// </summary>
internal sealed record Grant
{
    public const string Table = "Grants";

    /// <summary>Gets the partition and the id of the grant.</summary>
    public required GrantKey Key { get; init; }

    /// <summary>Gets the person, as Entra ID described them at the last sign-in or refresh.</summary>
    public required SignedInPerson Person { get; init; }

    /// <summary>Gets the short form of the client id.</summary>
    public required string Client { get; init; }

    public required string ClientName { get; init; }

    /// <summary>Gets the host that published the client's metadata document.</summary>
    public string? VerifiedHost { get; init; }

    /// <summary>Gets the redirect URI of the sign-in.</summary>
    public required string Redirect { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Gets the time of the last sign-in or refresh.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>Gets the time when the row expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets the id of the authorization code that was redeemed. Until then, the client has no token.</summary>
    public string? RedeemedCode { get; init; }

    /// <summary>Gets the rotation of the refresh token. It is set when the code is redeemed.</summary>
    public RefreshRotation? Rotation { get; init; }

    /// <summary>Gets the person's sign-in at Entra ID: the token cache of MSAL, sealed with the fleet's key ring.</summary>
    public required string SealedUpstream { get; init; }

    /// <summary>Gets whether the client has redeemed its code, and the grant is therefore a consent of the person.</summary>
    public bool IsActive => RedeemedCode is not null;
}

/// <summary>Describes the state of a refresh token that is replaced at each use.</summary>
/// <param name="Current">The id of the valid refresh token.</param>
internal sealed record RefreshRotation(string Current)
{
    /// <summary>Gets the id of the refresh token that <see cref="Current"/> replaced.</summary>
    public string? Previous { get; init; }

    /// <summary>Gets the time when <see cref="Current"/> replaced <see cref="Previous"/>.</summary>
    public DateTimeOffset ReplacedAt { get; init; }

    /// <summary>
    /// Gets the sealed response to the request that sent <see cref="Previous"/>. A repeated request gets the same response.
    /// </summary>
    public string? SealedResponse { get; init; }

    /// <summary>Gets the time until which one request replaces the token. Other requests with the same token wait for it.</summary>
    public DateTimeOffset? ReplacingUntil { get; init; }
}

/// <summary>Identifies a grant.</summary>
/// <param name="Partition">The hash of the tenant and the user.</param>
/// <param name="Id">The id of the grant.</param>
internal readonly record struct GrantKey(string Partition, string Id)
{
    public static GrantKey Create(string tenant, string user, DateTimeOffset now) =>
        new(PartitionOf(tenant, user), Guid.CreateVersion7(now).ToString("N"));

    /// <summary>Returns the partition key of a person's grants.</summary>
    public static string PartitionOf(string tenant, string user) =>
        HashedParts.Hash(tenant.ToLowerInvariant(), user.ToLowerInvariant());

    /// <summary>Reads the form that <see cref="ToString"/> returns.</summary>
    public static GrantKey? TryParse(string? text) =>
        text?.Split('.') is [{ Length: 43 } partition, { Length: 32 } id]
        && Base64Url.IsValid(partition)
        && Guid.TryParseExact(id, "N", out _)
            ? new GrantKey(partition, id)
            : null;

    public override string ToString() => $"{Partition}.{Id}";

    internal StateKey Row => new(Grant.Table, Partition, Id);
}
