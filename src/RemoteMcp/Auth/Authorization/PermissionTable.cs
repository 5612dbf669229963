using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Provides the permissions that the tools, prompts, and resources need. Names and URIs are looked up in the SDK's own collections, so that
/// every spelling that reaches a tool also finds its permission.
/// </summary>
/// <param name="auth">The authentication options.</param>
/// <param name="mcp">
/// The server's tools, prompts, and resources. The table reads them only at its first use, because the filters in these options depend on
/// the table.
/// </param>
internal sealed class PermissionTable(IOptions<AuthOptions> auth, IOptions<McpServerOptions> mcp)
{
    private readonly Lazy<FrozenDictionary<IMcpServerPrimitive, Permission>> _permissions = new(() => Read(auth.Value, mcp.Value));
    private readonly Lazy<bool> _isEnforced = new(() => auth.Value.Mode != AuthMode.None);

    /// <summary>
    /// Returns the permission that a request needs. It is empty if the target is unknown, because the SDK then responds with an error.
    /// </summary>
    /// <param name="method">The request's method.</param>
    /// <param name="target">The name or URI of the request's target.</param>
    public Permission OfRequest(string method, string target) => method switch
    {
        RequestMethods.ToolsCall => OfTool(target),
        RequestMethods.PromptsGet => OfPrompt(target),
        RequestMethods.ResourcesRead or RequestMethods.ResourcesSubscribe => OfResource(target),
        // The target is the name of a prompt or the URI of a resource.
        RequestMethods.CompletionComplete => OfPrompt(target).And(OfReference(target)),
        _ => Permission.None,
    };

    public Permission OfTool(string name) =>
        _isEnforced.Value && mcp.Value.ToolCollection?.TryGetPrimitive(name, out var tool) == true ? Of(tool!) : Permission.None;

    public Permission OfPrompt(string name) =>
        _isEnforced.Value && mcp.Value.PromptCollection?.TryGetPrimitive(name, out var prompt) == true ? Of(prompt!) : Permission.None;

    /// <summary>
    /// Returns the permission that a resource needs. If its URI matches several templates, the SDK can use any of them. The caller then
    /// needs the permissions of all of them.
    /// </summary>
    public Permission OfResource(string uri)
    {
        if (!_isEnforced.Value || mcp.Value.ResourceCollection is not { } resources)
        {
            return Permission.None;
        }

        if (resources.TryGetPrimitive(uri, out var exact) && !exact.IsTemplated)
        {
            return Of(exact);
        }

        var needed = Permission.None;
        foreach (var resource in resources)
        {
            if (resource.IsMatch(uri))
            {
                needed = needed.And(Of(resource));
            }
        }

        return needed;
    }

    /// <summary>
    /// Returns the permission that a resource template or a resource needs. For a template, <paramref name="uri"/> is the URI template
    /// itself.
    /// </summary>
    public Permission OfReference(string uri) =>
        _isEnforced.Value && mcp.Value.ResourceCollection?.TryGetPrimitive(uri, out var resource) == true ? Of(resource!) : OfResource(uri);

    // An item that was added after the start is not in the dictionary. Its permission is read again for each request, so that such an item
    // is never unprotected. This is rare.
    public Permission Of(IMcpServerPrimitive primitive) =>
        _permissions.Value.TryGetValue(primitive, out var permission) ? permission : Read(primitive, auth.Value);

    private static FrozenDictionary<IMcpServerPrimitive, Permission> Read(AuthOptions auth, McpServerOptions mcp) =>
        Primitives(mcp).ToFrozenDictionary(static primitive => primitive, primitive => Read(primitive, auth));

    private static Permission Read(IMcpServerPrimitive primitive, AuthOptions auth) =>
        DeclaredPermission.Read(
            primitive, primitive is McpServerTool && auth.Tools.TryGetValue(primitive.Id, out var configured) ? configured : null);

    public static IEnumerable<IMcpServerPrimitive> Primitives(McpServerOptions mcp) =>
        [.. mcp.ToolCollection ?? [], .. mcp.PromptCollection ?? [], .. mcp.ResourceCollection ?? []];
}
