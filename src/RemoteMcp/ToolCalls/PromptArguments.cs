using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Configuration;

namespace RemoteMcp.ToolCalls;

/// <summary>
/// Refuses arguments that a prompt does not have. Without these filters, the SDK ignores a misspelled argument, and the prompt is wrong.
/// </summary>
internal static class PromptArguments
{
    /// <summary>Checks the arguments of <c>prompts/get</c>.</summary>
    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> Get(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => (request, cancellationToken) =>
    {
        if (request.Params?.Arguments is { } given && request.MatchedPrimitive is McpServerPrompt prompt)
        {
            foreach (var name in given.Keys)
            {
                Check(name, prompt.ProtocolPrompt);
            }
        }

        return next(request, cancellationToken);
    };

    /// <summary>Checks the name of the argument in <c>completion/complete</c>.</summary>
    public static McpRequestHandler<CompleteRequestParams, CompleteResult> Complete(
        McpRequestHandler<CompleteRequestParams, CompleteResult> next) => (request, cancellationToken) =>
    {
        if (request.Params is { Ref: PromptReference { Name: { } prompt }, Argument.Name: { } name }
            && request.Server.ServerOptions.PromptCollection?.TryGetPrimitive(prompt, out var known) == true)
        {
            Check(name, known.ProtocolPrompt);
        }

        return next(request, cancellationToken);
    };

    // A prompt without the list describes its arguments in another way.
    private static void Check(string name, Prompt prompt)
    {
        if (prompt.Arguments is { } known && !known.Any(argument => argument.Name == name))
        {
            var nearest = NearestName.Find(name, known.Select(static argument => argument.Name));
            var remedy = nearest is not null ? $"Did you mean {nearest}?"
                : known.Count == 0 ? "The prompt has no arguments."
                : $"The arguments are {string.Join(", ", known.Select(static argument => argument.Name))}.";
            throw new McpProtocolException(
                $"Invalid params: the argument {SafeText.Quote(name)} is unknown. {remedy}",
                McpErrorCode.InvalidParams);
        }
    }
}
