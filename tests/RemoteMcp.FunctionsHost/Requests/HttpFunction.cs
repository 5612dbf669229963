using System.Text.Json;
using RemoteMcp.FunctionsHost.Protocol;

namespace RemoteMcp.FunctionsHost.Requests;

/// <summary>An HTTP-triggered function of the app.</summary>
/// <param name="Id">The identifier that the worker assigned.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Binding">The name of the trigger's binding.</param>
/// <param name="Methods">The methods of the trigger.</param>
/// <param name="Route">The route template, without the prefix of host.json.</param>
internal sealed record HttpFunction(string Id, string Name, string Binding, IReadOnlyList<string> Methods, string Route)
{
    /// <summary>Reads the functions with an HTTP trigger, in the order in which the host matches them.</summary>
    public static IReadOnlyList<HttpFunction> Read(IEnumerable<RpcFunctionMetadata> functions) =>
        [.. functions.SelectMany(Read).OrderBy(static function => function.Name, StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<HttpFunction> Read(RpcFunctionMetadata function)
    {
        foreach (var raw in function.RawBindings)
        {
            using var json = JsonDocument.Parse(raw);
            var binding = json.RootElement;
            if (string.Equals(binding.GetProperty("type").GetString(), "httpTrigger", StringComparison.OrdinalIgnoreCase))
            {
                var route = binding.TryGetProperty("route", out var value) ? value.GetString() : null;
                yield return new HttpFunction(
                    function.FunctionId,
                    function.Name,
                    binding.GetProperty("name").GetString()!,
                    [.. binding.GetProperty("methods").EnumerateArray().Select(static method => method.GetString()!)],
                    string.IsNullOrEmpty(route) ? function.Name : route);
            }
        }
    }
}
