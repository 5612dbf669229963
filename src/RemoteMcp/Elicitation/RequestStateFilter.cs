using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Wraps every tool, prompt, and resource. The filter opens the <c>requestState</c> of a request, gives the tool its
/// <see cref="UserPrompts"/>, and seals the state of the result. A state that is not for exactly this call is refused before the tool runs.
/// The response does not tell the client the reason.
/// </summary>
internal sealed partial class RequestStateFilter(RequestStateSealer sealer, ReplayGuard replayGuard, ILogger<RequestStateFilter> logger)
{
    private const int IdBytes = 16;

    private const string Refusal = "requestState is not valid for this call. Start the call again without it.";

    // The key in the items of a request for the state that this filter returned last.
    private const string IssuedKey = "RemoteMcp.Elicitation.Issued";

    public McpRequestHandler<CallToolRequestParams, CallToolResult> Tool(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) => request.Params is { } call
            ? RunAsync(
                request,
                new(Caller.From(request.User), RequestMethods.ToolsCall, call.Name, AsSent(call.Arguments)),
                next,
                cancellationToken)
            : next(request, cancellationToken);

    public McpRequestHandler<GetPromptRequestParams, GetPromptResult> Prompt(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) =>
        (request, cancellationToken) => request.Params is { } prompt
            ? RunAsync(
                request,
                new(Caller.From(request.User), RequestMethods.PromptsGet, prompt.Name, AsSent(prompt.Arguments)),
                next,
                cancellationToken)
            : next(request, cancellationToken);

    public McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> Resource(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) =>
        (request, cancellationToken) => request.Params is { } resource
            ? RunAsync(request, new(Caller.From(request.User), RequestMethods.ResourcesRead, resource.Uri, []), next, cancellationToken)
            : next(request, cancellationToken);

    private async ValueTask<TResult> RunAsync<TParams, TResult>(
        RequestContext<TParams> request, BoundCall call, McpRequestHandler<TParams, TResult> next, CancellationToken cancellationToken)
        where TParams : RequestParams
    {
        var conversation = request.Params.RequestState is { } token
            ? await OpenAsync(request, request.MatchedPrimitive, call, token, cancellationToken)
            : new Conversation();
        request.Params.RequestState = conversation.ToolState;
        request.Services!.GetRequiredService<UserPromptsAccessor>().Current =
            new UserPrompts(request, request.Params, conversation, replayGuard);

        try
        {
            return await next(request, cancellationToken);
        }
        catch (InputRequiredException exception)
        {
            throw new InputRequiredException(await SealAsync(request, call, conversation, exception.Result, cancellationToken));
        }
    }

    // Copies the arguments, because later filters can change them. The state is bound to the arguments that the client sent.
    private static KeyValuePair<string, JsonElement>[] AsSent(IDictionary<string, JsonElement>? arguments) =>
        arguments is null ? [] : [.. arguments];

    private async ValueTask<Conversation> OpenAsync(
        MessageContext request, IMcpServerPrimitive? target, BoundCall call, string token, CancellationToken cancellationToken)
    {
        var content = IssuedInThisRequest(request, token) ?? await OpenSealedAsync(target, call, token, cancellationToken);
        return JsonSerializer.Deserialize(content, ConversationJson.Default.Conversation)!;
    }

    // For clients of 2025-11-25 and earlier, the SDK sends the elicitation through the session. It then runs the handler again with the
    // state that this filter returned. That state never left the process, and it does not expire while the server waits for the user.
    private static byte[]? IssuedInThisRequest(MessageContext request, string token) =>
        request.Items.TryGetValue(IssuedKey, out var issued) && issued is IssuedState state && state.Token == token ? state.Content : null;

    private async ValueTask<byte[]> OpenSealedAsync(
        IMcpServerPrimitive? target, BoundCall call, string token, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await sealer.OpenAsync(call, token, cancellationToken);
            if (opened.Content is { } content)
            {
                return content;
            }

            LogRefused(call.Method, target?.Id, opened.Refusal);
            throw new McpProtocolException(Refusal, McpErrorCode.InvalidParams);
        }
        catch (StateUnavailableException exception)
        {
            throw Unavailable(exception);
        }
    }

    private async ValueTask<InputRequiredResult> SealAsync(
        MessageContext request, BoundCall call, Conversation conversation, InputRequiredResult result, CancellationToken cancellationToken)
    {
        // Without an open question, the tool itself threw the exception, and the state in it is the tool's own.
        if (conversation.OpenQuestion is null)
        {
            conversation.ToolState = result.RequestState;
        }

        if (conversation is { OpenQuestion: null, ToolState: null, Answers.Count: 0 })
        {
            return result;
        }

        conversation.Round++;
        conversation.Id ??= Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var content = JsonSerializer.SerializeToUtf8Bytes(conversation, ConversationJson.Default.Conversation);
        string token;
        try
        {
            token = await sealer.TrySealAsync(call, content, cancellationToken) ?? throw new McpException(
                "The call cannot continue, because the answers so far are too long: "
                + $"their sealed requestState has more than {RequestStateSealer.MaxLength} characters. "
                + "Start the call again, and give shorter answers.");
        }
        catch (StateUnavailableException exception)
        {
            throw Unavailable(exception);
        }

        request.Items[IssuedKey] = new IssuedState(token, content);
        return new InputRequiredResult { InputRequests = result.InputRequests, RequestState = token, Meta = result.Meta };
    }

    private static McpProtocolException Unavailable(StateUnavailableException unavailable) => new(
        $"The server cannot read its keys at the moment. Try again in {Math.Ceiling(unavailable.RetryAfter.TotalSeconds)} s.",
        unavailable,
        McpErrorCode.InternalError);

    [LoggerMessage(LogLevel.Warning, "A requestState for {Method} {Target} was refused: {Reason}.")]
    private partial void LogRefused(string method, string? target, string reason);

    private sealed record IssuedState(string Token, byte[] Content);
}
