using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>Serializes JSON-RPC errors, with and without the id of a request.</summary>
internal static class ErrorJson
{
    private static readonly JsonTypeInfo<JsonRpcError> s_withNull =
        (JsonTypeInfo<JsonRpcError>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcError));

    private static readonly JsonTypeInfo<JsonRpcError> s_withoutNull = CreateWithoutNull();

    /// <summary>
    /// Returns the serialization of an error. An error that answers no request, or a request whose id could not be read, is "a JSON-RPC
    /// error response that has no id" (2025-11-25, Transports). In a batch, its id is null (JSON-RPC 2.0, section 5), because only
    /// 2025-03-26 has batches, and it takes them from JSON-RPC.
    /// </summary>
    /// <param name="inBatch">Whether the error is an element of the response to a batch.</param>
    public static JsonTypeInfo<JsonRpcError> TypeInfo(bool inBatch) => inBatch ? s_withNull : s_withoutNull;

    private static JsonTypeInfo<JsonRpcError> CreateWithoutNull()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions)
        {
            TypeInfoResolver = McpJsonUtilities.DefaultOptions.TypeInfoResolver!.WithAddedModifier(static type =>
            {
                if (type.Type == typeof(JsonRpcError))
                {
                    type.Properties.Single(static property => property.Name == "id").ShouldSerialize =
                        static (_, id) => id is RequestId { Id: not null };
                }
            }),
        };
        return (JsonTypeInfo<JsonRpcError>)options.GetTypeInfo(typeof(JsonRpcError));
    }
}
