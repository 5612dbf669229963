using System.Security.Claims;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Remembers which answers have been used: table <c>Asked</c>, partition the caller, row the conversation's id. One insert a use;
/// the row outlives every state of its conversation.
/// </summary>
internal sealed class ReplayGuard(IStateStore store, IOptions<ElicitationOptions> options, TimeProvider time)
{
    public const string Table = "UsedAnswers";

    private static readonly BinaryData Nothing = BinaryData.FromString("{}");

    public async ValueTask UseAsync(ClaimsPrincipal? user, string conversation, CancellationToken cancellationToken)
    {
        // A state of an early round, repeated late, begets one that lives a whole life longer, and so on to the last round.
        var expiresAt = time.GetUtcNow() + (options.Value.StateLifetime * UserPrompts.MaxRounds);
        string? written;
        try
        {
            written = await store.TryInsertAsync(new StateKey(Table, Caller.From(user).Key, conversation), Nothing, expiresAt, cancellationToken);
        }
        catch (StateUnavailableException unavailable)
        {
            throw new McpException(
                $"Nothing was done: the server's storage does not answer. Try again in {Math.Ceiling(unavailable.RetryAfter.TotalSeconds)} s.", unavailable);
        }

        if (written is null)
        {
            throw new McpException("Nothing was done: the user's answer has been used before. Start the call again without requestState, so that the user is asked again.");
        }
    }
}
