using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Observability;

/// <summary>
/// Writes one log entry for each tool call: the caller, the tool, the outcome, and the duration. It never writes arguments or results.
/// The log category is <c>RemoteMcp.Observability.AuditLog</c>. The values are also properties of the entry (structured logging).
/// </summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger, TimeProvider time)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            var start = time.GetTimestamp();
            var outcome = "failed";
            try
            {
                var result = await next(request, cancellationToken);
                outcome = result.IsError == true ? "error" : "ok";
                return result;
            }
            catch (InputRequiredException)
            {
                // The tool asks the user before it continues.
                outcome = "prompted";
                throw;
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
                throw;
            }
            finally
            {
                var caller = Caller.From(request.User);
                var (tool, duration) = (request.MatchedPrimitive?.Id ?? "(unknown)", time.GetElapsedTime(start));
                Write(tool, caller.Tenant, caller.User, caller.Client, outcome, duration.TotalMilliseconds);
            }
        };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Tool {Tool} called by {Tenant}/{User} through {Client}: {Outcome} in {Duration:F0} ms")]
    private partial void Write(string tool, string tenant, string user, string client, string outcome, double duration);
}
