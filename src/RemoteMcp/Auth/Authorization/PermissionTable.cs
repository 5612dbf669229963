using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Which permissions the tools, prompts and resources need. Names and URIs are looked up in the SDK's own collections, so that whatever
/// spelling reaches a tool also meets its permission.
/// </summary>
/// <param name="auth">Who may call.</param>
/// <param name="mcp">The server's tools, prompts and resources. Its configuration may need this table, which reads it at the first use.</param>
internal sealed class PermissionTable(IOptions<AuthOptions> auth, IOptions<McpServerOptions> mcp)
{
    private readonly Lazy<FrozenDictionary<IMcpServerPrimitive, Permission>> _permissions = new(() => Read(auth.Value, mcp.Value));
    private readonly Lazy<bool> _isEnforced = new(() => auth.Value.Mode != AuthMode.None);

    /// <summary>What a request needs; nothing where its target is unknown, which is for the SDK to say.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="target">The name or URI that it is for.</param>
    public Permission OfRequest(string method, string target) => method switch
    {
        RequestMethods.ToolsCall => OfTool(target),
        RequestMethods.PromptsGet => OfPrompt(target),
        RequestMethods.ResourcesRead or RequestMethods.ResourcesSubscribe => OfResource(target),
        // It refers to a prompt's name or to a resource's URI.
        RequestMethods.CompletionComplete => OfPrompt(target).And(OfReference(target)),
        _ => Permission.None,
    };

    public Permission OfTool(string name) =>
        _isEnforced.Value && mcp.Value.ToolCollection?.TryGetPrimitive(name, out var tool) == true ? Of(tool!) : Permission.None;

    public Permission OfPrompt(string name) =>
        _isEnforced.Value && mcp.Value.PromptCollection?.TryGetPrimitive(name, out var prompt) == true ? Of(prompt!) : Permission.None;

    /// <summary>
    /// What a resource needs. Of several templates that its URI fits, the SDK takes any: all of their permissions are needed.
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

    /// <summary>What a template or a resource needs that is referred to by its own URI.</summary>
    public Permission OfReference(string uri) =>
        _isEnforced.Value && mcp.Value.ResourceCollection?.TryGetPrimitive(uri, out var resource) == true ? Of(resource!) : OfResource(uri);

    // What was added since the start is read each time: rare, and never open by mistake.
    private Permission Of(IMcpServerPrimitive primitive) =>
        _permissions.Value.TryGetValue(primitive, out var permission) ? permission : Read(primitive, auth.Value);

    private static FrozenDictionary<IMcpServerPrimitive, Permission> Read(AuthOptions auth, McpServerOptions mcp) =>
        Primitives(mcp).ToFrozenDictionary(static primitive => primitive, primitive => Read(primitive, auth));

    private static Permission Read(IMcpServerPrimitive primitive, AuthOptions auth) =>
        DeclaredPermission.Read(primitive, primitive is McpServerTool && auth.Tools.TryGetValue(primitive.Id, out var tightened) ? tightened : null);

    public static IEnumerable<IMcpServerPrimitive> Primitives(McpServerOptions mcp) =>
        [.. mcp.ToolCollection ?? [], .. mcp.PromptCollection ?? [], .. mcp.ResourceCollection ?? []];
}
