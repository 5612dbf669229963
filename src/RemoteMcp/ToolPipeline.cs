using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Elicitation;
using RemoteMcp.Observability;
using RemoteMcp.Protocol;
using RemoteMcp.Sessions;
using RemoteMcp.ToolCalls;

namespace RemoteMcp;

/// <summary>
/// Represents the path of a tool call, a prompt, and a resource through the SDK's filters, in order: the first filter of each list is the
/// outermost. The filters that an application adds run inside the filters of the server. All hosts and transports use the same lists.
/// </summary>
/// <param name="services">
/// The services of the host. The filters are resolved when the SDK first needs its options, because the permissions read the same options.
/// </param>
internal sealed class ToolPipeline(IServiceProvider services) : IPostConfigureOptions<McpServerOptions>
{
    // The SDK creates its options again for every request without a session, so the lists are built once.
    private readonly Lazy<ServerFilters> _filters = new(() => new ServerFilters(services));

    /// <summary>Puts the filters of the server before the filters of the application.</summary>
    /// <param name="name">The name of the options, which the SDK does not use.</param>
    /// <param name="options">The options of the SDK.</param>
    public void PostConfigure(string? name, McpServerOptions options)
    {
        var (filters, messages, requests) = (_filters.Value, options.Filters.Message, options.Filters.Request);
        Prepend(messages.IncomingFilters, filters.IncomingMessages);
        Prepend(messages.OutgoingFilters, filters.OutgoingMessages);
        Prepend(requests.CallToolFilters, filters.CallTool);
        Prepend(requests.GetPromptFilters, filters.GetPrompt);
        Prepend(requests.ReadResourceFilters, filters.ReadResource);
        Prepend(requests.ListToolsFilters, filters.ListTools);
        Prepend(requests.ListPromptsFilters, filters.ListPrompts);
        Prepend(requests.ListResourcesFilters, filters.ListResources);
        Prepend(requests.ListResourceTemplatesFilters, filters.ListResourceTemplates);
        Prepend(requests.SubscribeToResourcesFilters, filters.SubscribeToResource);
        Prepend(requests.CompleteFilters, filters.Complete);
    }

    private static void Prepend<TFilter>(IList<TFilter> filters, TFilter[] first)
    {
        for (var i = 0; i < first.Length; i++)
        {
            filters.Insert(i, first[i]);
        }
    }

    private sealed class ServerFilters
    {
        public ServerFilters(IServiceProvider services)
        {
            // The audit log and the messages of sessions exist only over HTTP. Permissions apply only if callers sign in.
            var audit = services.GetService<AuditLog>();
            var sessions = services.GetService<MessageFilters>();
            var auth = services.GetService<IOptions<AuthOptions>>()?.Value.Mode ?? AuthMode.None;
            var permissions = auth == AuthMode.None ? null : services.GetRequiredService<PermissionFilters>();
            var state = services.GetRequiredService<RequestStateFilter>();

            IncomingMessages = InOrder<McpMessageFilter>(
                sessions is null ? null : sessions.Incoming,
                InvalidParams.Filter);
            OutgoingMessages = InOrder<McpMessageFilter>(
                sessions is null ? null : sessions.Outgoing);

            CallTool = InOrder<McpRequestFilter<CallToolRequestParams, CallToolResult>>(
                audit is null ? null : audit.Filter,
                permissions?.CallTool,
                state.Tool,
                CloudAccessFilter.Tool,
                ArgumentValidation.Filter);
            GetPrompt = InOrder<McpRequestFilter<GetPromptRequestParams, GetPromptResult>>(
                permissions?.GetPrompt,
                state.Prompt,
                CloudAccessFilter.Prompt);
            ReadResource = InOrder<McpRequestFilter<ReadResourceRequestParams, ReadResourceResult>>(
                permissions?.ReadResource,
                state.Resource,
                CloudAccessFilter.Resource);

            ListTools = InOrder(permissions?.ListTools);
            ListPrompts = InOrder(permissions?.ListPrompts);
            ListResources = InOrder(permissions?.ListResources);
            ListResourceTemplates = InOrder(permissions?.ListResourceTemplates);
            SubscribeToResource = InOrder(permissions?.SubscribeToResource);
            Complete = InOrder(permissions?.Complete);
        }

        public McpMessageFilter[] IncomingMessages { get; }

        public McpMessageFilter[] OutgoingMessages { get; }

        public McpRequestFilter<CallToolRequestParams, CallToolResult>[] CallTool { get; }

        public McpRequestFilter<GetPromptRequestParams, GetPromptResult>[] GetPrompt { get; }

        public McpRequestFilter<ReadResourceRequestParams, ReadResourceResult>[] ReadResource { get; }

        public McpRequestFilter<ListToolsRequestParams, ListToolsResult>[] ListTools { get; }

        public McpRequestFilter<ListPromptsRequestParams, ListPromptsResult>[] ListPrompts { get; }

        public McpRequestFilter<ListResourcesRequestParams, ListResourcesResult>[] ListResources { get; }

        public McpRequestFilter<ListResourceTemplatesRequestParams, ListResourceTemplatesResult>[] ListResourceTemplates { get; }

        public McpRequestFilter<SubscribeRequestParams, EmptyResult>[] SubscribeToResource { get; }

        public McpRequestFilter<CompleteRequestParams, CompleteResult>[] Complete { get; }

        private static TFilter[] InOrder<TFilter>(params ReadOnlySpan<TFilter?> filters)
            where TFilter : class
        {
            var present = new List<TFilter>(filters.Length);
            foreach (var filter in filters)
            {
                if (filter is not null)
                {
                    present.Add(filter);
                }
            }

            return [.. present];
        }
    }
}
