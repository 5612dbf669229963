namespace RemoteMcp.Emulators.Directories;

/// <summary>A person of a tenant.</summary>
public sealed class User
{
    /// <summary>The <c>oid</c> claim: the same for every application.</summary>
    public required string ObjectId { get; init; }

    /// <summary>The <c>upn</c> of v1 tokens, the <c>preferred_username</c> of v2 tokens, and what <c>login_hint</c> names.</summary>
    public required string PrincipalName { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The address that Graph tells and that the <c>email</c> claim carries; the principal name when not set.</summary>
    public string Mail { get => field ?? PrincipalName; init; }

    public string? JobTitle { get; init; }
}
