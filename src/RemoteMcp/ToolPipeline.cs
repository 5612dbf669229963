using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Elicitation;
using RemoteMcp.Limits;
using RemoteMcp.Observability;
using RemoteMcp.Protocol;
using RemoteMcp.Sessions;
using RemoteMcp.ToolCalls;

namespace RemoteMcp;

/// <summary>
/// Adds the server's filters to the SDK, in the order in which messages and requests pass them: the first filter of each list is the
/// outermost. The filters that an application adds run inside the filters of the server. All hosts and transports use the same lists.
/// </summary>
/// <param name="services">
/// The services of the host. The filters are resolved only when the SDK first needs its options. The permission filters depend on the same
/// options, so resolving them earlier would be a circular dependency.
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
        var (server, messages, requests) = (_filters.Value, options.Filters.Message, options.Filters.Request);
        Prepend(messages.IncomingFilters, server.IncomingMessages);
        Prepend(messages.OutgoingFilters, server.OutgoingMessages);
        Prepend(requests.CallToolFilters, server.CallTool);
        Prepend(requests.GetPromptFilters, server.GetPrompt);
        Prepend(requests.ReadResourceFilters, server.ReadResource);
        Prepend(requests.ListToolsFilters, server.ListTools);
        Prepend(requests.ListPromptsFilters, server.ListPrompts);
        Prepend(requests.ListResourcesFilters, server.ListResources);
        Prepend(requests.ListResourceTemplatesFilters, server.ListResourceTemplates);
        Prepend(requests.SubscribeToResourcesFilters, server.SubscribeToResource);
        Prepend(requests.UnsubscribeFromResourcesFilters, server.UnsubscribeFromResource);
        Prepend(requests.CompleteFilters, server.Complete);
        if (server.Audit is { } audit && options.Handlers.SubscriptionsListenHandler is { } listen)
        {
            options.Handlers.SubscriptionsListenHandler = audit.Listening(listen);
        }

        UnknownCursor.Refuse(options);
        if (options.ToolCollection is { } tools)
        {
            server.Arguments.Prepare(tools);
        }
    }

    private static void Prepend<TFilter>(IList<TFilter> filters, TFilter[] serverFilters)
    {
        for (var i = 0; i < serverFilters.Length; i++)
        {
            filters.Insert(i, serverFilters[i]);
        }
    }

    private sealed class ServerFilters
    {
        public ServerFilters(IServiceProvider services)
        {
            // The audit log, the messages of sessions, and 503 responses exist only over HTTP. Permissions apply only if callers sign in.
            var audit = services.GetService<AuditFilters>();
            var sessions = services.GetService<MessageFilters>();
            var failures = services.GetService<StateFailures>();
            var authMode = services.GetService<IOptions<AuthOptions>>()?.Value.Mode ?? AuthMode.None;
            var permissions = authMode == AuthMode.None ? null : services.GetRequiredService<PermissionFilters>();
            var requestState = services.GetRequiredService<RequestStateFilter>();
            var questions = services.GetRequiredService<OpenQuestions>();

            IncomingMessages = WithoutNulls<McpMessageFilter>(
                // A call keeps its permit before it is dispatched, because its request may end right after that.
                services.GetService<CallPermits>() is { } permits ? permits.Incoming : null,
                sessions is null ? null : sessions.Incoming,
                failures is null ? null : failures.Incoming,
                questions.Incoming,
                InvalidParams.Filter,
                InitializeRevision.Filter);
            OutgoingMessages = WithoutNulls<McpMessageFilter>(
                questions.Outgoing,
                sessions is null ? null : sessions.Outgoing);

            CallTool = WithoutNulls<McpRequestFilter<CallToolRequestParams, CallToolResult>>(
                audit is null ? null : audit.Tool,
                failures is null ? null : failures.Tool,
                permissions?.CallTool,
                requestState.Tool,
                CloudAccessFilter.Tool,
                Arguments.Filter);
            GetPrompt = WithoutNulls<McpRequestFilter<GetPromptRequestParams, GetPromptResult>>(
                audit is null ? null : audit.Prompt,
                permissions?.GetPrompt,
                requestState.Prompt,
                CloudAccessFilter.Prompt,
                PromptArguments.Get);
            ReadResource = WithoutNulls<McpRequestFilter<ReadResourceRequestParams, ReadResourceResult>>(
                audit is null ? null : audit.Resource,
                permissions?.ReadResource,
                requestState.Resource,
                CloudAccessFilter.Resource);

            ListTools = WithoutNulls(permissions?.ListTools);
            ListPrompts = WithoutNulls(permissions?.ListPrompts);
            ListResources = WithoutNulls(permissions?.ListResources);
            ListResourceTemplates = WithoutNulls(permissions?.ListResourceTemplates);
            SubscribeToResource = WithoutNulls<McpRequestFilter<SubscribeRequestParams, EmptyResult>>(
                audit is null ? null : audit.Subscription,
                permissions?.SubscribeToResource);
            UnsubscribeFromResource = WithoutNulls<McpRequestFilter<UnsubscribeRequestParams, EmptyResult>>(
                audit is null ? null : audit.Unsubscription);
            Audit = audit;
            Complete = WithoutNulls<McpRequestFilter<CompleteRequestParams, CompleteResult>>(
                audit is null ? null : audit.Completion,
                permissions?.Complete,
                PromptArguments.Complete);
        }

        public ArgumentValidation Arguments { get; } = new();

        public AuditFilters? Audit { get; }

        public McpRequestFilter<UnsubscribeRequestParams, EmptyResult>[] UnsubscribeFromResource { get; }

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

        private static TFilter[] WithoutNulls<TFilter>(params ReadOnlySpan<TFilter?> filters)
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
