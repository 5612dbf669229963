using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Stores which instance runs a call, so that a cancellation that arrives at another instance is sent only to that one.
/// </summary>
/// <remarks>
/// The instance of a call that runs for more than a second inserts a row for the call, and then looks for a cancellation. An instance that
/// receives a cancellation of a call that it does not run inserts a row for the cancellation, and then looks for the call. At least one of
/// them sees the row of the other, even if the storage stalls. An instance whose lease had ended looks again when it has a new one. A
/// shorter call costs no storage transaction.
/// </remarks>
internal sealed class CallRegistry(
    IStateStore store, SessionDelivery delivery, FleetMembership fleet, IOptions<SessionOptions> options, TimeProvider time)
{
    // The prefixes are in upper case. Keys of streams are in lower case, so that no Last-Event-ID can read these rows.
    private const string CallPrefix = "Call|";
    private const string CancellationPrefix = "Cancelled|";

    // The body of a cancellation that counts for whichever instance runs the call. Others name the instance.
    private static readonly BinaryData s_anyInstance = BinaryData.FromString("{}");

    /// <summary>Stores the instance of a call until the call has ended. Ends the call if its client has cancelled it.</summary>
    public async Task KeepAsync(RunningCall call)
    {
        var row = Key(call.Session, CallPrefix, call.Request);
        while (!call.Completion.IsCompleted)
        {
            var nextTerm = fleet.NextTerm;
            try
            {
                await store.TryInsertAsync(
                    row, BinaryData.FromString(fleet.Id), time.GetUtcNow() + options.Value.Lifetime, CancellationToken.None);
                if (await store.FindAsync(CancellationKey(call.Session, call.Request), CancellationToken.None) is { } found
                    && found.Body.ToString() is var counts && (counts == fleet.Id || counts == s_anyInstance.ToString())
                    && await delivery.PostAsync(
                        call.Session, Encoding.UTF8.GetString(MessageOf(call.Request)), null, call.User, CancellationToken.None))
                {
                    call.AbandonResponse();
                    break;
                }

                await Task.WhenAny(call.Completion, nextTerm);
            }
            catch (StateUnavailableException exception)
            {
                await Task.WhenAny(call.Completion, Task.Delay(exception.RetryAfter, time));
            }
        }

        await call.Completion;
        try
        {
            await store.DeleteAsync(row, CancellationToken.None);
            if (call.IsCancelled)
            {
                // The row must not cancel another call with the same id.
                await store.DeleteAsync(CancellationKey(call.Session, call.Request), CancellationToken.None);
            }
        }
        catch (StateUnavailableException)
        {
            // The row expires. Until then, a cancellation of the call goes to this instance, which refuses it.
        }
    }

    /// <summary>
    /// Stores that a client has cancelled a call that this instance does not run: for a minute, because an instance may be about to store
    /// the call, or for the lifetime of a session, if an instance has stored it. That instance may be cut off from the storage, and looks
    /// for the cancellation when it returns.
    /// </summary>
    /// <returns>
    /// The instance to which the cancellation must be sent, or <see langword="null"/> if no call with this id is known to run on another
    /// instance.
    /// </returns>
    public async Task<string?> CancelAsync(string session, RequestId request, CancellationToken cancellationToken)
    {
        var key = CancellationKey(session, request);
        var etag = await store.TryInsertAsync(key, s_anyInstance, time.GetUtcNow() + InboxRows.Lifetime, cancellationToken);
        var instance = (await store.FindAsync(Key(session, CallPrefix, request), cancellationToken))?.Body.ToString();
        if (instance is null || instance == fleet.Id)
        {
            return null;
        }

        // The client may leave before the instance has received the cancellation.
        await KeepCancellationAsync(key, etag, instance);
        return instance;
    }

    /// <summary>Removes a cancellation that the instance of its call has received, or that came after the end of the call.</summary>
    /// <param name="session">The internal session id.</param>
    /// <param name="request">The id of the cancelled request.</param>
    /// <param name="received">Whether the instance has received the cancellation. Otherwise it has refused it, or is gone.</param>
    /// <param name="cancellationToken">The token that ends the attempt.</param>
    public async Task ForgetCancellationAsync(
        string session, RequestId request, bool received, CancellationToken cancellationToken)
    {
        try
        {
            if (received || await store.FindAsync(Key(session, CallPrefix, request), cancellationToken) is null)
            {
                await store.DeleteAsync(CancellationKey(session, request), cancellationToken);
            }
        }
        catch (StateUnavailableException)
        {
            // The row expires. Until then, it counts only for the instance that it names.
        }
    }

    /// <summary>Returns the key of the row of a cancellation.</summary>
    public static StateKey CancellationKey(string session, RequestId request) => Key(session, CancellationPrefix, request);

    /// <summary>Returns the notification that cancels a call.</summary>
    public static byte[] MessageOf(RequestId request) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonRpcNotification
        {
            Method = NotificationMethods.CancelledNotification,
            Params = JsonSerializer.SerializeToNode(
                new CancelledNotificationParams { RequestId = request }, McpJsonUtilities.DefaultOptions),
        },
        StreamEvent.MessageTypeInfo);

    private async Task KeepCancellationAsync(StateKey key, string? etag, string instance)
    {
        try
        {
            if (etag is null && await store.FindAsync(key, CancellationToken.None) is { } earlier && earlier.Body.ToString() != instance)
            {
                etag = earlier.ETag;
            }

            if (etag is not null)
            {
                await store.TryReplaceAsync(
                    key, etag, BinaryData.FromString(instance), time.GetUtcNow() + options.Value.Lifetime, CancellationToken.None);
            }
        }
        catch (StateUnavailableException)
        {
            // The instance gets a message too.
        }
    }

    // A client chooses the id, which may be long and have any characters.
    private static StateKey Key(string session, string prefix, RequestId request) => new(
        EventRows.Table,
        session,
        prefix + Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, McpJsonUtilities.DefaultOptions))));
}
