// The library in C++17: handles that free themselves, statuses as exceptions, lists as loops.
//
//     c++ -std=c++17 wrapper.cpp $(pkg-config --cflags --libs fourwave) -o wrapper
//
// A connection is closed by one side and reset by the other; the program walks over what is said of it.
#include <fourwave.h>

#include <array>
#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

struct Free {
    void operator()(fourwave_options *it) const noexcept { fourwave_options_free(it); }
    void operator()(fourwave_engine *it) const noexcept { fourwave_engine_free(it); }
    void operator()(fourwave_connection *it) const noexcept { fourwave_connection_free(it); }
};
using Options = std::unique_ptr<fourwave_options, Free>;
using Engine = std::unique_ptr<fourwave_engine, Free>;
using Connection = std::unique_ptr<fourwave_connection, Free>;

void check(fourwave_status status)
{
    if (status != FOURWAVE_OK)
        throw std::runtime_error(fourwave_status_text(status));
}

// A new structure that says its size.
template <typename T> T sized()
{
    T structure{};
    structure.struct_size = sizeof structure;
    return structure;
}

// Calls a function of the library whose last argument is a structure to fill, and returns that.
template <typename T, typename Function, typename... Arguments>
T get(Function function, Arguments... arguments)
{
    T structure = sized<T>();
    check(function(arguments..., &structure));
    return structure;
}

// The same for a function whose last argument is a handle to give.
template <typename Handle, typename Function, typename... Arguments>
Handle make(Function function, Arguments... arguments)
{
    typename Handle::pointer handle = nullptr;
    check(function(arguments..., &handle));
    return Handle(handle);
}

Engine engine_with_msl(const char *seconds)
{
    Options options = make<Options>(fourwave_options_new);
    if (fourwave_options_set(options.get(), "msl", seconds) != FOURWAVE_OK)
        throw std::invalid_argument(fourwave_options_error(options.get()));
    return make<Engine>(fourwave_engine_new, options.get());
}

// From the client or the server: sequence and acknowledgment number, flags.
void push(const Engine &engine, std::uint64_t frame, bool from_client, std::uint8_t seq, std::uint8_t ack,
          std::uint8_t flags)
{
    static constexpr std::array<std::uint8_t, 4> client{192, 0, 2, 1}, server{198, 51, 100, 1};
    std::array<std::uint8_t, 20> header{0x9c, 0x40, 0, 80, 0, 0, 0, seq, 0, 0, 0, ack, 5 << 4, flags, 0xff};
    if (!from_client) {
        std::swap(header[0], header[2]);
        std::swap(header[1], header[3]);
    }
    auto segment = sized<fourwave_segment>();
    segment.frame = frame;
    segment.time_ns = static_cast<std::int64_t>(frame) * 1'000'000;
    segment.src = (from_client ? client : server).data();
    segment.dst = (from_client ? server : client).data();
    segment.address_len = client.size();
    segment.tcp = header.data();
    segment.tcp_len = header.size();
    get<fourwave_news>(fourwave_engine_push_segment, engine.get(), &segment);
}

// The connections that are left when the input is over.
std::vector<Connection> finish(const Engine &engine)
{
    std::vector<Connection> connections;
    const auto news = get<fourwave_news>(fourwave_engine_finish, engine.get());
    for (std::size_t index = 0; index < news.ended; ++index)
        connections.push_back(make<Connection>(fourwave_engine_ended, engine.get(), index));
    return connections;
}

void walk(const Connection &connection)
{
    const auto summary = get<fourwave_summary>(fourwave_connection_summary, connection.get());
    std::cout << fourwave_code(FOURWAVE_VOCABULARY_KIND, summary.kind) << '\n';
    for (std::uint32_t side : {FOURWAVE_SIDE_CLIENT, FOURWAVE_SIDE_SERVER}) {
        std::cout << fourwave_code(FOURWAVE_VOCABULARY_SIDE, side) << ':';
        const auto steps = side == FOURWAVE_SIDE_CLIENT ? summary.client_steps : summary.server_steps;
        for (std::size_t index = 0; index < steps; ++index) {
            const auto step = get<fourwave_step>(fourwave_connection_step, connection.get(), side, index);
            std::cout << ' ' << fourwave_code(FOURWAVE_VOCABULARY_STATE, step.state) << '@' << step.frame;
        }
        std::cout << '\n';
    }
    for (std::size_t index = 0; index < summary.resets; ++index) {
        const auto reset = get<fourwave_reset>(fourwave_connection_reset, connection.get(), index);
        std::cout << "reset in " << reset.frame << ": " << fourwave_code(FOURWAVE_VOCABULARY_ROLE, reset.role) << '\n';
    }
    for (std::size_t index = 0; index < summary.findings; ++index) {
        const auto finding = get<fourwave_finding>(fourwave_connection_finding, connection.get(), index,
                                                   static_cast<std::uint32_t>(FOURWAVE_LANG_EN));
        std::cout << fourwave_code(FOURWAVE_VOCABULARY_FINDING, finding.id) << ", by";
        for (std::size_t place = 0; place < finding.evidence; ++place) {
            const auto proof = get<fourwave_evidence>(fourwave_connection_evidence, connection.get(), index, place);
            std::cout << ' ' << proof.frame;
        }
        std::cout << ": " << finding.text << '\n';
    }
}

} // namespace

int main()
{
    static_assert(std::is_same_v<std::underlying_type_t<fourwave_status>, std::uint32_t>);
    if (fourwave_abi_version() != FOURWAVE_ABI_VERSION)
        return 1;
    try {
        engine_with_msl("never");
        return 1;
    } catch (const std::invalid_argument &error) {
        if (std::string_view(error.what()).find("`never`") == std::string_view::npos)
            return 1;
    }
    constexpr std::uint8_t FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10;
    const Engine engine = engine_with_msl("30");
    push(engine, 1, true, 99, 0, SYN);
    push(engine, 2, false, 199, 100, SYN | ACK);
    push(engine, 3, true, 100, 200, ACK);
    push(engine, 4, true, 100, 200, FIN | ACK);
    push(engine, 5, false, 200, 101, ACK);
    push(engine, 6, false, 200, 101, RST | ACK);
    const auto connections = finish(engine);
    for (const Connection &connection : connections)
        walk(connection);
    return connections.size() == 1 ? 0 : 1;
}
