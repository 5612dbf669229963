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
/// Wraps every tool, prompt, and resource. The filter sets the caller for the request. If the tool got no token for a cloud service, the
/// filter tells the user what to do. If the client can show a web page, the filter asks it to open the page that resolves the problem.
/// </summary>
internal static class CloudAccessFilter
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Tool(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            Enter(request);
            try
            {
                return await next(request, cancellationToken);
            }
            catch (Exception exception) when (CloudAccessException.FindIn(exception) is { } refusal)
            {
                return ToolResult.Error(await TellAsync(request, refusal, cancellationToken));
            }
        };

    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> Prompt(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => Other(next);

    public static McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> Resource(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) => Other(next);

    // Prompts and resources have no error result, so the message is sent as a JSON-RPC error.
    private static McpRequestHandler<TParams, TResult> Other<TParams, TResult>(McpRequestHandler<TParams, TResult> next)
        where TParams : RequestParams => async (request, cancellationToken) =>
    {
        Enter(request);
        try
        {
            return await next(request, cancellationToken);
        }
        catch (Exception exception) when (CloudAccessException.FindIn(exception) is { } refusal)
        {
            throw new McpException(await TellAsync(request, refusal, cancellationToken), exception);
        }
    };

    private static void Enter(MessageContext request) => request.Services!.GetRequiredService<CallerAccessor>().User = request.User;

    /// <exception cref="InputRequiredException">The user must be asked to open the page.</exception>
    private static async ValueTask<string> TellAsync(
        MessageContext request, CloudAccessException refusal, CancellationToken cancellationToken)
    {
        if (refusal.Page is not { } page)
        {
            return refusal.Message;
        }

        var told = $"{refusal.Message} The page: {page.AbsoluteUri}";
        if (ElicitationSupport.Validate(request, "url") is not null
            || request.Services!.GetRequiredService<UserPromptsAccessor>().Current is not { } ask)
        {
            return told;
        }

        try
        {
            return await ask.OpenUrlAsync(refusal.Message, page, cancellationToken)
                ? $"The page was opened, but access is not granted yet. It can take a minute until consent takes effect. {told}"
                : $"The page was not opened. {told}";
        }
        catch (McpException)
        {
            // This call has reached the limit of prompts to the user.
            return told;
        }
    }
}
