using Microsoft.Extensions.Options;

namespace RemoteMcp.Identity.Permissions;

/// <summary>Which permissions the tools, prompts and resources need.</summary>
internal sealed class PermissionTable(IOptions<AuthOptions> options)
{
    /// <summary>Every scope that a caller can need here, the server's own first; not qualified.</summary>
    public IReadOnlyList<string> Scopes { get; } = [options.Value.RequiredScope];
}
