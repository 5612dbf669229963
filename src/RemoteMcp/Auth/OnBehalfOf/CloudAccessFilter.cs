using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Elicitation;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Wraps every tool, prompt, and resource. The filter provides the caller to the services that a tool receives. If the tool got no token
/// for a cloud service, the filter tells the user what to do. If a web page resolves the problem and the client can open it, the filter
/// asks the user to open the page.
/// </summary>
internal static class CloudAccessFilter
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Tool(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            SetCaller(request);
            try
            {
                return await next(request, cancellationToken);
            }
            catch (Exception exception) when (CloudAccessException.FindIn(exception) is { } refusal)
            {
                return ToolResult.Error(await CreateMessageAsync(request, refusal, cancellationToken));
            }
        };

    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> Prompt(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => WithoutErrorResult(next);

    public static McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> Resource(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) => WithoutErrorResult(next);

    // Prompts and resources have no error result, so the message is sent as a JSON-RPC error.
    private static McpRequestHandler<TParams, TResult> WithoutErrorResult<TParams, TResult>(McpRequestHandler<TParams, TResult> next)
        where TParams : RequestParams => async (request, cancellationToken) =>
    {
        SetCaller(request);
        try
        {
            return await next(request, cancellationToken);
        }
        catch (Exception exception) when (CloudAccessException.FindIn(exception) is { } refusal)
        {
            throw new McpException(await CreateMessageAsync(request, refusal, cancellationToken), exception);
        }
    };

    private static void SetCaller(MessageContext request) => request.Services!.GetRequiredService<CallerAccessor>().User = request.User;

    /// <summary>Returns the message for the user.</summary>
    /// <exception cref="InputRequiredException">The client must first ask the user to open the page.</exception>
    private static async ValueTask<string> CreateMessageAsync(
        MessageContext request, CloudAccessException refusal, CancellationToken cancellationToken)
    {
        if (refusal.Page is not { } page)
        {
            return refusal.Message;
        }

        var message = $"{refusal.Message} The page: {page.AbsoluteUri}";
        if (ElicitationSupport.Validate(request, "url") is not null
            || request.Services!.GetRequiredService<UserPromptsAccessor>().Current is not { } prompts)
        {
            return message;
        }

        try
        {
            return await prompts.OpenUrlAsync(refusal.Message, page, cancellationToken)
                ? $"The page was opened, but access is not granted yet. It can take a minute until consent takes effect. {message}"
                : $"The page was not opened. {message}";
        }
        catch (McpException)
        {
            // The call has already sent as many prompts as it may send.
            return message;
        }
    }
}
