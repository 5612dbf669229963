using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Cli.Hosting.Stdio;

/// <summary>Reads the client's input, and ends the connection when the input ends or the process is asked to stop.</summary>
internal sealed class StdioConnection(IOptions<HttpOptions> http, IOptions<StdioOptions> stdio, TimeProvider time)
{
    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];
    private static readonly TimeSpan s_closingTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs the connection. When this method returns, the transport is disconnected.</summary>
    /// <param name="input">The input of the client.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="stopping">The token that is cancelled when the process is asked to stop.</param>
    public async Task RunAsync(Stream input, StdioTransport transport, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, transport.OutputClosed);
        try
        {
            await ReceiveAsync(input, transport, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The process stops, or nobody reads its output.
        }
        catch (IOException)
        {
            // The client has gone without closing its end of the pipe.
        }

        await DrainAsync(transport, stopping);
        var reason = stopping.IsCancellationRequested
            ? RequestLifetime.EndedByShutdown
            : $"The input of the server has ended, and the request did not finish within {stdio.Value.EndOfInputGrace} "
                + $"({StdioOptions.Section}:{nameof(StdioOptions.EndOfInputGrace)}). {UnknownOutcome.OfRequest}";
        // A client that does not read the output must not keep the process alive.
        await Task.Run(() => transport.CloseAsync(reason), CancellationToken.None)
            .WaitAsync(s_closingTime, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DrainAsync(StdioTransport transport, CancellationToken stopping)
    {
        using var over = new CancellationTokenSource(stdio.Value.EndOfInputGrace, time);
        using var shorter = stopping.Register(() => over.CancelAfter(http.Value.ShutdownGrace));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, transport.OutputClosed);
        try
        {
            await transport.DrainAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The remaining requests get errors.
        }
    }

    private async Task ReceiveAsync(Stream input, StdioTransport transport, CancellationToken cancellationToken)
    {
        var limit = http.Value.MaxRequestBytes;
        var isFirst = true;
        await foreach (var line in new LineReader(input, limit).ReadAsync(cancellationToken))
        {
            if (line is null)
            {
                await transport.RefuseAsync(
                    ProtocolError.Refused,
                    $"Payload Too Large: a message may have {limit} bytes at most. Operators set the limit in "
                        + $"{HttpOptions.Section}:{nameof(HttpOptions.MaxRequestBytes)}.");
            }
            else
            {
                // Some shells write a byte order mark into a pipe.
                var message = isFirst && line.AsSpan().StartsWith(s_byteOrderMark) ? line[s_byteOrderMark.Length..] : line;
                if (message.AsSpan().ContainsAnyExcept(" \t\r"u8))
                {
                    await transport.ReceiveAsync(message, cancellationToken);
                }
            }

            isFirst = false;
        }
    }
}
